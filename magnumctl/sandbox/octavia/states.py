"""Provisioning states: one change at a time per load balancer, and 409 for whoever comes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from magnumctl.sandbox import reach
from magnumctl.sandbox.octavia.records import Balanced, LoadBalancer
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, now, page

Kind = TypeVar("Kind", bound=Balanced)


def found(table: Mapping[str, Kind], identifier: str, call: Call, word: str) -> Kind:
    thing = table.get(identifier)
    if thing is None or not call.caller.owns(thing.project_id):
        raise RefusedError(404, f"{word} {identifier} not found.")
    return thing


def listed(name: str, things: Iterable[Kind], call: Call, body: Callable[[Kind], Json]) -> Reply:
    rows = [body(it) for it in things if call.caller.owns(it.project_id)]
    kept = [row for row in rows if all(_accepts(row, key, terms) for key, terms in call.query.items())]
    return Reply({name: page(kept, call), f"{name}_links": []})


def _accepts(row: Json, key: str, terms: list[str]) -> bool:
    if key == "tags":
        return {tag for term in terms for tag in term.split(",")} <= set(row["tags"])
    if key not in row or key in {"limit", "marker"}:
        return True
    value = row[key]
    return any(term == str(value) or (isinstance(value, bool) and term.lower() == str(value).lower()) for term in terms)


def balancer(cloud: Cloud, balancer_id: str, call: Call) -> LoadBalancer:
    return found(cloud.octavia.loadbalancers, balancer_id, call, "Load Balancer")


def mutable(it: LoadBalancer) -> None:
    if it.provisioning_status != "ACTIVE":
        raise RefusedError(409, f"Load Balancer {it.id} is immutable and cannot be updated.")


def changeable(it: LoadBalancer) -> None:
    """The load balancer itself is guarded in other words than what hangs below it."""
    if it.provisioning_status not in {"ACTIVE", "ERROR"}:
        raise RefusedError(409, f"Invalid state {it.provisioning_status} of loadbalancer resource {it.id}")


def settle(cloud: Cloud, it: LoadBalancer, changed: Balanced, status: str) -> None:
    """`changed` (the load balancer or something below it) takes a step's time to become what it should be."""
    it.provisioning_status = "PENDING_UPDATE"
    changed.provisioning_status = status
    cloud.later(cloud.pace.step, lambda: _settled(cloud, it, changed))


def _settled(cloud: Cloud, it: LoadBalancer, changed: Balanced) -> None:
    for thing in (it, changed):
        thing.provisioning_status, thing.updated_at = "ACTIVE", now()
        thing.operating_status = "ONLINE" if thing.admin_state_up else "OFFLINE"
    _operating(cloud, it)
    reach.relay_balancer(cloud, it)


def _operating(cloud: Cloud, it: LoadBalancer) -> None:
    """Members without a health monitor are never looked at."""
    for pool in cloud.octavia.pools_of(it.id):
        word = "ONLINE" if cloud.octavia.monitor_of(pool.id) else "NO_MONITOR"
        for member in cloud.octavia.members_of(pool.id):
            member.operating_status = word if member.admin_state_up else "OFFLINE"


def vanish(cloud: Cloud, it: LoadBalancer, gone: Balanced, forget: Callable[[], None]) -> None:
    it.provisioning_status, gone.provisioning_status = "PENDING_UPDATE", "PENDING_DELETE"

    def vanished() -> None:
        forget()
        it.provisioning_status = "ACTIVE"
        reach.relay_balancer(cloud, it)

    cloud.later(cloud.pace.step, vanished)


def within_quota(cloud: Cloud, word: str, table: Iterable[Balanced], project_id: str) -> None:
    names = {
        "load_balancer": "Load Balancer",
        "listener": "Listener",
        "pool": "Pool",
        "member": "Member",
        "health_monitor": "Health Monitor",
    }
    limit = cloud.octavia.quota(project_id)[word]
    if 0 <= limit <= sum(1 for it in table if it.project_id == project_id):
        raise RefusedError(403, f"Quota has been met for resources: {names[word]}")


def amend(thing: Balanced, wish: Json, names: tuple[str, ...]) -> None:
    for name in ("name", "description", "admin_state_up", "tags", *names):
        if name in wish and (
            wish[name] is not None or name in {"default_pool_id", "session_persistence", "allowed_cidrs"}
        ):
            setattr(thing, name, wish[name])
