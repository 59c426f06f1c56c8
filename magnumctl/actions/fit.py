"""Will it fit: what a plan is about to create, against what the project has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from magnumctl.cloud import Flavor
from magnumctl.cloud import QuotaRow as Quota
from magnumctl.errors import CloudError

from .plan import BayPlan
from .reports import QuotaRow

QUOTA_OF = {
    "openstack_compute_instance_v2": "instances",
    "openstack_compute_servergroup_v2": "server_groups",
    "openstack_networking_network_v2": "networks",
    "openstack_networking_subnet_v2": "subnets",
    "openstack_networking_router_v2": "routers",
    "openstack_networking_port_v2": "ports",
    "openstack_networking_secgroup_v2": "security_groups",
    "openstack_networking_secgroup_rule_v2": "security_group_rules",
    "openstack_networking_floatingip_v2": "floating_ips",
    "openstack_lb_loadbalancer_v2": "load_balancers",
}
"""Terraform's resource types and the quota each one counts against."""


FindFlavor = Callable[[str], Flavor]
"""By name or id; CloudError when there is none."""


def require_flavors(find: FindFlavor, plan: BayPlan) -> None:
    """Terraform would miss a flavor only when the bay's network stands already."""
    for name in _flavors([plan]):
        try:
            find(name)
        except CloudError as error:
            raise CloudError(f"bay {plan.bay.name}: {error.summary}", detail=error.detail, hint=error.hint) from error


def fit(find: FindFlavor, plans: Sequence[BayPlan], ask: Callable[[], Sequence[Quota]]) -> tuple[QuotaRow, ...]:
    """A row for each resource that the plans create; none at all, and no question, when they create nothing."""
    needed = _created(plans) + _capacity(find, plans)
    if not needed:
        return ()
    return tuple(
        QuotaRow(resource=row.resource, needed=needed[row.resource], free=row.free, limit=row.limit)
        for row in ask()
        if needed[row.resource]
    )


def refuse_what_does_not_fit(rows: Iterable[QuotaRow]) -> None:
    short = [row for row in rows if not row.fits]
    if short:
        raise CloudError(
            "the project's quota is too small for this plan",
            detail="\n".join(f"{row.resource}: {row.needed} needed, {row.free} of {row.limit} free" for row in short),
            hint="openstack quota show",
        )


def _created(plans: Sequence[BayPlan]) -> Counter[str]:
    return Counter(
        QUOTA_OF[change.kind]
        for plan in plans
        for change in plan.infrastructure.changes
        if change.action == "create" and change.kind in QUOTA_OF
    )


def _capacity(find: FindFlavor, plans: Sequence[BayPlan]) -> Counter[str]:
    """Cores and MiB of memory of the servers to be created, volumes and GiB of those that boot from one."""
    needed: Counter[str] = Counter()
    for flavor_name, servers in _flavors(plans).items():
        flavor = find(flavor_name)
        needed["cores"] += servers * flavor.vcpus
        needed["ram"] += servers * flavor.ram_mib
    for plan in plans:
        new = _new_nodes(plan)
        for group, name in plan.bay.nodes:
            if name in new and group.boot_volume:
                needed["volumes"] += 1
                needed["gigabytes"] += group.boot_volume.size
    return needed


def _flavors(plans: Sequence[BayPlan]) -> Counter[str]:
    return Counter(group.flavor for plan in plans for group, name in plan.bay.nodes if name in _new_nodes(plan))


def _new_nodes(plan: BayPlan) -> set[str | None]:
    return {
        change.node
        for change in plan.infrastructure.changes
        if change.action == "create" and change.kind == "openstack_compute_instance_v2"
    }
