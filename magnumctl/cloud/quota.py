"""What a project may have and has, from the endpoints that its own members may ask."""

from __future__ import annotations

from collections.abc import Callable

from keystoneauth1 import exceptions as ksa

from magnumctl.errors import CloudError

from .records import QuotaRow
from .services import Client, Json, MissingServiceError

NOVA_LIMITS = {
    "instances": ("totalInstancesUsed", "maxTotalInstances"),
    "cores": ("totalCoresUsed", "maxTotalCores"),
    "ram": ("totalRAMUsed", "maxTotalRAMSize"),
    "server_groups": ("totalServerGroupsUsed", "maxServerGroups"),
}
CINDER_LIMITS = {
    "volumes": ("totalVolumesUsed", "maxTotalVolumes"),
    "gigabytes": ("totalGigabytesUsed", "maxTotalVolumeGigabytes"),
}
NEUTRON_QUOTAS = {
    "networks": ("network", "networks"),
    "subnets": ("subnet", "subnets"),
    "routers": ("router", "routers"),
    "ports": ("port", "ports"),
    "security_groups": ("security_group", "security-groups"),
    "security_group_rules": ("security_group_rule", "security-group-rules"),
    "floating_ips": ("floatingip", "floatingips"),
}
"""Our names of resources: Neutron's name in its quotas, and the path where they are listed."""


def nova_quota(nova: Client) -> tuple[QuotaRow, ...]:
    return _absolute(nova.get("/limits", "tell the limits"), NOVA_LIMITS)


def cinder_quota(cinder: Client) -> tuple[QuotaRow, ...]:
    return _absolute(cinder.get("/limits", "tell the limits"), CINDER_LIMITS)


def _absolute(answer: Json, names: dict[str, tuple[str, str]]) -> tuple[QuotaRow, ...]:
    limits = answer.get("limits", {}).get("absolute", {})
    return tuple(
        QuotaRow(resource, int(limits[used]), int(limits[limit]))
        for resource, (used, limit) in names.items()
        if used in limits and limit in limits
    )


def neutron_quota(neutron: Client, project_id: str) -> tuple[QuotaRow, ...]:
    try:
        answer = neutron.get(f"/quotas/{project_id}/details.json", "tell the quota")
    except CloudError as exc:
        if not isinstance(exc.__cause__, ksa.NotFound):
            raise
        return _counted(neutron, project_id)  # the extension `quota_details` is not everywhere
    quota = answer.get("quota", {})
    return tuple(
        QuotaRow(resource, int(quota[key]["used"]) + int(quota[key].get("reserved", 0)), int(quota[key]["limit"]))
        for resource, (key, _) in NEUTRON_QUOTAS.items()
        if key in quota
    )


def _counted(neutron: Client, project_id: str) -> tuple[QuotaRow, ...]:
    quota = neutron.get(f"/quotas/{project_id}", "tell the quota").get("quota", {})
    query = {"project_id": project_id, "fields": "id"}
    return tuple(
        QuotaRow(
            resource,
            sum(1 for _ in neutron.listed(f"/{path}", path.replace("-", "_"), query)),
            int(quota[key]),
        )
        for resource, (key, path) in NEUTRON_QUOTAS.items()
        if key in quota
    )


def octavia_quota(octavia: Client, project_id: str) -> tuple[QuotaRow, ...]:
    quota = octavia.get(f"/lbaas/quotas/{project_id}", "tell the quota").get("quota", {})
    limit = quota.get("load_balancer", quota.get("loadbalancer"))
    if limit is None:
        return ()
    query = {"project_id": project_id, "fields": "id"}
    used = sum(1 for _ in octavia.listed("/lbaas/loadbalancers", "loadbalancers", query))
    return (QuotaRow("load_balancers", used, int(limit)),)


def if_offered(ask: Callable[[], tuple[QuotaRow, ...]]) -> tuple[QuotaRow, ...]:
    """No rows when the cloud has no such service."""
    try:
        return ask()
    except MissingServiceError:
        return ()
