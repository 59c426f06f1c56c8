from __future__ import annotations

from collections.abc import Mapping

from magnumctl.sandbox.nova.records import DEFAULT_QUOTA, ZONE, Flavor
from magnumctl.sandbox.nova.refusals import admins_only, forbidden
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, Reply, empty


def within_quota(cloud: Cloud, project_id: str, flavor: Flavor, count: int, *, instances: int | None = None) -> None:
    """`instances` differs from `count` when servers only grow."""
    asked = {
        "cores": flavor.vcpus * count,
        "instances": count if instances is None else instances,
        "ram": flavor.ram * count,
    }
    limits, used = cloud.nova.quota(project_id), cloud.nova.used(project_id)
    over = [name for name, more in asked.items() if more > 0 and 0 <= limits[name] < used[name] + more]
    if over:
        raise forbidden(
            f"Quota exceeded for {', '.join(over)}: Requested {_several(asked, over)}, but already used "
            f"{_several(used, over)} of {_several(limits, over)} {', '.join(over)}"
        )


def _several(numbers: Mapping[str, int], names: list[str]) -> str:
    return ", ".join(str(numbers[name]) for name in names)


def limits(cloud: Cloud, call: Call) -> Reply:
    project_id = call.first("tenant_id", call.caller.project_id) if call.caller.is_admin else call.caller.project_id
    quota, used = cloud.nova.quota(project_id), cloud.nova.used(project_id)
    absolute = {
        "maxTotalInstances": quota["instances"],
        "maxTotalCores": quota["cores"],
        "maxTotalRAMSize": quota["ram"],
        "maxTotalKeypairs": quota["key_pairs"],
        "maxServerMeta": quota["metadata_items"],
        "maxServerGroups": quota["server_groups"],
        "maxServerGroupMembers": quota["server_group_members"],
        "maxImageMeta": quota["metadata_items"],
        "maxPersonality": quota["injected_files"],
        "maxPersonalitySize": quota["injected_file_content_bytes"],
        "totalInstancesUsed": used["instances"],
        "totalCoresUsed": used["cores"],
        "totalRAMUsed": used["ram"],
        "totalServerGroupsUsed": used["server_groups"],
    }
    return Reply({"limits": {"rate": [], "absolute": absolute}})


def show(cloud: Cloud, call: Call) -> Reply:
    project_id = _project(call)
    return Reply({"quota_set": {"id": project_id, **cloud.nova.quota(project_id)}})


def _project(call: Call) -> str:
    if not call.caller.owns(call.part("project")):
        raise admins_only("os-quota-sets:show")
    return call.part("project")


def detail(cloud: Cloud, call: Call) -> Reply:
    project_id = _project(call)
    used = cloud.nova.used(project_id)
    rows: Json = {
        name: {"limit": limit, "in_use": used.get(name, 0), "reserved": 0}
        for name, limit in cloud.nova.quota(project_id).items()
    }
    return Reply({"quota_set": {"id": project_id, **rows}})


def defaults(_cloud: Cloud, call: Call) -> Reply:
    return Reply({"quota_set": {"id": call.part("project"), **DEFAULT_QUOTA}})


def update(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise admins_only("os-quota-sets:update")
    fresh = {name: int(value) for name, value in call.resource("quota_set").items() if name in DEFAULT_QUOTA}
    cloud.nova.quotas.setdefault(call.part("project"), {}).update(fresh)
    return Reply({"quota_set": cloud.nova.quota(call.part("project"))})


def reset(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise admins_only("os-quota-sets:delete")
    cloud.nova.quotas.pop(call.part("project"), None)
    return empty(202)


def zones(cloud: Cloud, call: Call) -> Reply:
    row: Json = {"zoneName": ZONE, "zoneState": {"available": True}, "hosts": None}
    if call.path.rstrip("/").endswith("/detail"):
        if not call.caller.is_admin:
            raise admins_only("os-availability-zone:detail")
        alive = {"nova-compute": {"active": True, "available": True, "updated_at": None}}
        row["hosts"] = {host.name: alive for host in cloud.nova.hosts}
    return Reply({"availabilityZoneInfo": [row]})


def hypervisors(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise admins_only("os-hypervisors:list")
    rows = [
        {
            "id": place,
            "hypervisor_hostname": host.name,
            "state": "up",
            "status": "enabled",
            "vcpus": host.vcpus,
            "memory_mb": host.ram,
        }
        for place, host in enumerate(cloud.nova.hosts, 1)
    ]
    return Reply({"hypervisors": rows})
