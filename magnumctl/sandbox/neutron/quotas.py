from __future__ import annotations

from collections.abc import Iterable

from magnumctl.sandbox.neutron.records import DEFAULT_QUOTA, NeutronRecords, Resource
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty


def _mine(call: Call) -> str:
    project_id = call.part("project")
    if not call.caller.owns(project_id):
        raise RefusedError(403, "rule:get_quota is disallowed by policy", "PolicyNotAuthorized")
    return project_id


def show(cloud: Cloud, call: Call) -> Reply:
    return Reply({"quota": cloud.neutron.quota(_mine(call))})


def defaults(_cloud: Cloud, _call: Call) -> Reply:
    return Reply({"quota": DEFAULT_QUOTA})


def details(cloud: Cloud, call: Call) -> Reply:
    project_id = _mine(call)
    used = _used(cloud.neutron, project_id)
    body: Json = {
        name: {"limit": limit, "used": used.get(name, 0), "reserved": 0}
        for name, limit in cloud.neutron.quota(project_id).items()
    }
    return Reply({"quota": body})


def _used(records: NeutronRecords, project_id: str) -> dict[str, int]:
    held: dict[str, Iterable[Resource]] = {
        "network": records.networks.values(),
        "subnet": records.subnets.values(),
        "port": records.ports.values(),
        "router": records.routers.values(),
        "floatingip": records.floatingips.values(),
        "security_group": records.security_groups.values(),
        "security_group_rule": records.security_group_rules.values(),
    }
    return {name: sum(1 for it in table if it.project_id == project_id) for name, table in held.items()}


def update(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise RefusedError(403, "rule:update_quota is disallowed by policy", "PolicyNotAuthorized")
    wish = call.resource("quota")
    limits = {name: int(value) for name, value in wish.items() if name in DEFAULT_QUOTA}
    cloud.neutron.quotas.setdefault(call.part("project"), {}).update(limits)
    return Reply({"quota": cloud.neutron.quota(call.part("project"))})


def reset(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise RefusedError(403, "rule:delete_quota is disallowed by policy", "PolicyNotAuthorized")
    cloud.neutron.quotas.pop(call.part("project"), None)
    return empty()
