"""Volume types, limits, zones: what a project reads before it asks for volumes."""

from __future__ import annotations

from magnumctl.sandbox.cinder.records import DEFAULT_QUOTA, VolumeType
from magnumctl.sandbox.cinder.volumes import type_named
from magnumctl.sandbox.discovery import version
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty


def versions(_cloud: Cloud, call: Call) -> Reply:
    return Reply(
        {"versions": [version("v3.0", f"{call.root_url}/volume/v3/", low="3.0", high="3.71")]},
        300 if call.path.rstrip("/") == "/volume" else 200,
    )


def index(cloud: Cloud, call: Call) -> Reply:
    return Reply(
        {
            "volume_types": [
                _body(kind) for kind in cloud.cinder.types.values() if call.first("name", kind.name) == kind.name
            ]
        }
    )


def show(cloud: Cloud, call: Call) -> Reply:
    asked = call.part("id")
    return Reply({"volume_type": _body(type_named(cloud, "__DEFAULT__" if asked == "default" else asked))})


def _body(kind: VolumeType) -> Json:
    return {
        "id": kind.id,
        "name": kind.name,
        "description": kind.description,
        "is_public": kind.is_public,
        "os-volume-type-access:is_public": kind.is_public,
        "extra_specs": kind.extra_specs,
        "qos_specs_id": None,
    }


def create(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise RefusedError(403, "Policy doesn't allow volume_extension:type_create to be performed.", "forbidden")
    wish = call.resource("volume_type")
    kind = VolumeType(
        wish["name"], description=wish.get("description") or "", extra_specs=wish.get("extra_specs") or {}
    )
    cloud.cinder.types[kind.id] = kind
    return Reply({"volume_type": _body(kind)})


def delete(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise RefusedError(403, "Policy doesn't allow volume_extension:type_delete to be performed.", "forbidden")
    del cloud.cinder.types[type_named(cloud, call.part("id")).id]
    return Reply(None, 202)


def limits(cloud: Cloud, call: Call) -> Reply:
    quota, used = cloud.cinder.quota(call.caller.project_id), cloud.cinder.used(call.caller.project_id)
    absolute = {
        "maxTotalVolumes": quota["volumes"],
        "maxTotalVolumeGigabytes": quota["gigabytes"],
        "maxTotalSnapshots": quota["snapshots"],
        "maxTotalBackups": quota["backups"],
        "maxTotalBackupGigabytes": quota["backup_gigabytes"],
        "totalVolumesUsed": used["volumes"],
        "totalGigabytesUsed": used["gigabytes"],
        "totalSnapshotsUsed": 0,
        "totalBackupsUsed": 0,
        "totalBackupGigabytesUsed": 0,
    }
    return Reply({"limits": {"rate": [], "absolute": absolute}})


def quota(cloud: Cloud, call: Call) -> Reply:
    target = call.part("target")
    if not call.caller.owns(target):
        raise RefusedError(403, "Policy doesn't allow volume_extension:quotas:show to be performed.", "forbidden")
    limit, used = cloud.cinder.quota(target), cloud.cinder.used(target)
    if call.first("usage").lower() == "true":
        rows: Json = {
            name: {"limit": value, "in_use": used.get(name, 0), "reserved": 0, "allocated": 0}
            for name, value in limit.items()
        }
        return Reply({"quota_set": {"id": target, **rows}})
    return Reply({"quota_set": {"id": target, **limit}})


def default_quota(_cloud: Cloud, call: Call) -> Reply:
    return Reply({"quota_set": {"id": call.part("target"), **DEFAULT_QUOTA}})


def set_quota(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise RefusedError(403, "Policy doesn't allow volume_extension:quotas:update to be performed.", "forbidden")
    wish = call.resource("quota_set")
    fresh = {name: int(value) for name, value in wish.items() if name in DEFAULT_QUOTA}
    cloud.cinder.quotas.setdefault(call.part("target"), {}).update(fresh)
    return Reply({"quota_set": cloud.cinder.quota(call.part("target"))})


def reset_quota(cloud: Cloud, call: Call) -> Reply:
    if not call.caller.is_admin:
        raise RefusedError(403, "Policy doesn't allow volume_extension:quotas:delete to be performed.", "forbidden")
    cloud.cinder.quotas.pop(call.part("target"), None)
    return empty(200)


def zones(_cloud: Cloud, _call: Call) -> Reply:
    return Reply({"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": True}}]})


def extensions(_cloud: Cloud, _call: Call) -> Reply:
    return Reply({"extensions": []})


def nothing(_cloud: Cloud, call: Call) -> Reply:
    name = call.path.removesuffix("/detail").rstrip("/").rpartition("/")[2]
    return Reply({name.replace("-", "_"): []})


def absent(_cloud: Cloud, call: Call) -> Reply:
    raise RefusedError(
        404,
        f"{call.path.rsplit('/', 2)[1].removesuffix('s').capitalize()} {call.part('id')} could not be found.",
        "itemNotFound",
    )
