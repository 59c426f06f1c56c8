from __future__ import annotations

from dataclasses import dataclass

from magnumctl.sandbox.cinder.records import Attachment, Volume, VolumeType
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Caller, Json, RefusedError, Reply, now, page

_HEAD = ("id", "name", "links")


@dataclass(frozen=True)
class VolumeWish:
    project_id: str
    user_id: str
    size: int
    name: str = ""
    volume_type: str = ""
    image_id: str = ""
    availability_zone: str = "nova"


def not_found(kind: str, identifier: str) -> RefusedError:
    return RefusedError(404, f"{kind} {identifier} could not be found.", "itemNotFound")


def found(cloud: Cloud, volume_id: str, caller: Caller) -> Volume:
    volume = cloud.cinder.volumes.get(volume_id)
    if volume is None or not caller.owns(volume.project_id):
        raise not_found("Volume", volume_id)
    return volume


def body(cloud: Cloud, volume: Volume, call: Call) -> Json:
    shown: Json = {
        "id": volume.id,
        "name": volume.name,
        "description": volume.description,
        "size": volume.size,
        "status": volume.status,
        "volume_type": volume.volume_type,
        "availability_zone": volume.availability_zone,
        "metadata": volume.metadata,
        "bootable": "true" if volume.bootable else "false",
        "encrypted": False,
        "multiattach": False,
        "snapshot_id": None,
        "source_volid": volume.source_volid,
        "consistencygroup_id": None,
        "replication_status": None,
        "migration_status": None,
        "user_id": volume.user_id,
        "created_at": volume.created_at,
        "updated_at": volume.updated_at,
        "attachments": [_attachment(it) for it in cloud.cinder.attachments_of(volume.id)],
        "os-vol-tenant-attr:tenant_id": volume.project_id,
        "links": [{"rel": "self", "href": f"{call.root_url}/volume/v3/{volume.project_id}/volumes/{volume.id}"}],
    }
    if volume.image_id:
        shown["volume_image_metadata"] = {"image_id": volume.image_id, **volume.image_metadata}
    return shown


def _attachment(it: Attachment) -> Json:
    return {
        "id": it.volume_id,
        "attachment_id": it.id,
        "volume_id": it.volume_id,
        "server_id": it.server_id,
        "host_name": None,
        "device": it.device,
        "attached_at": it.attached_at,
    }


def index(cloud: Cloud, call: Call) -> Reply:
    rows = [body(cloud, volume, call) for volume in _listed(cloud, call)]
    return Reply({"volumes": [{name: row[name] for name in _HEAD} for row in page(rows, call)]})


def details(cloud: Cloud, call: Call) -> Reply:
    return Reply({"volumes": page([body(cloud, volume, call) for volume in _listed(cloud, call)], call)})


def _listed(cloud: Cloud, call: Call) -> list[Volume]:
    mine = [it for it in cloud.cinder.volumes.values() if call.everybody() or it.project_id == call.caller.project_id]
    for name in ("name", "status", "id", "volume_type", "availability_zone"):
        if term := call.first(name):
            mine = [
                it
                for it in mine
                if {
                    "name": it.name,
                    "status": it.status,
                    "id": it.id,
                    "volume_type": it.volume_type,
                    "availability_zone": it.availability_zone,
                }[name]
                == term
            ]
    return sorted(mine, key=lambda it: it.created_at, reverse=True)


def show(cloud: Cloud, call: Call) -> Reply:
    return Reply({"volume": body(cloud, found(cloud, call.part("id"), call.caller), call)})


def create(cloud: Cloud, call: Call) -> Reply:
    wish = call.resource("volume")
    source = found(cloud, wish["source_volid"], call.caller) if wish.get("source_volid") else None
    volume = make(
        cloud,
        VolumeWish(
            call.caller.project_id,
            call.caller.user_id,
            _size(wish, source),
            name=wish.get("name") or "",
            volume_type=wish.get("volume_type") or "",
            image_id=wish.get("imageRef") or (source.image_id if source else ""),
            availability_zone=wish.get("availability_zone") or "nova",
        ),
    )
    volume.description, volume.metadata = wish.get("description"), dict(wish.get("metadata") or {})
    volume.source_volid = source.id if source else None
    cloud.later(cloud.pace.step, lambda: _ready(volume))
    return Reply({"volume": body(cloud, volume, call)}, 202)


def _size(wish: Json, source: Volume | None) -> int:
    size = wish.get("size") or (source.size if source else None)
    if size is None:
        raise RefusedError(
            400,
            "The server could not comply with the request since it is either malformed or otherwise incorrect.",
            "badRequest",
        )
    if int(size) < 1:
        raise RefusedError(
            400,
            f"Invalid input for field/attribute size. Value: {size}. {size} is less than the minimum of 1",
            "badRequest",
        )
    return int(size)


def _ready(volume: Volume) -> None:
    if volume.status == "creating":
        volume.status, volume.updated_at = "available", now()


def make(cloud: Cloud, wish: VolumeWish) -> Volume:
    """In state `creating`; refuses what the quota or the type does not allow."""
    kind = type_named(cloud, wish.volume_type or "__DEFAULT__")
    _within_quota(cloud, wish.project_id, wish.size)
    if wish.availability_zone != "nova":
        raise RefusedError(400, f"Availability zone '{wish.availability_zone}' is invalid.", "badRequest")
    volume = Volume(wish.project_id, wish.user_id, wish.size, name=wish.name, volume_type=kind.name)
    if wish.image_id:
        _of_image(cloud, volume, wish.image_id)
    cloud.cinder.volumes[volume.id] = volume
    return volume


def _of_image(cloud: Cloud, volume: Volume, image_id: str) -> None:
    image = cloud.glance.images.get(image_id)
    if image is None:
        raise RefusedError(
            400, f"Invalid image identifier or unable to access requested image: {image_id}", "badRequest"
        )
    if volume.size < image.min_disk:
        raise RefusedError(
            400,
            f"Invalid input received: Volume size {volume.size}GB cannot be smaller than the image minDisk size "
            f"{image.min_disk}GB.",
            "badRequest",
        )
    volume.image_id, volume.bootable = image.id, True
    volume.image_metadata = {"image_name": image.name, "min_disk": str(image.min_disk), "min_ram": str(image.min_ram)}


def type_named(cloud: Cloud, name: str) -> VolumeType:
    for kind in cloud.cinder.types.values():
        if name in {kind.name, kind.id}:
            return kind
    raise RefusedError(404, f"Volume type with name {name} could not be found.", "itemNotFound")


def _within_quota(cloud: Cloud, project_id: str, size: int) -> None:
    limits, used = cloud.cinder.quota(project_id), cloud.cinder.used(project_id)
    if 0 <= limits["gigabytes"] < used["gigabytes"] + size:
        raise RefusedError(
            413,
            f"VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. "
            f"Requested {size}G, quota is {limits['gigabytes']}G and {used['gigabytes']}G has been consumed.",
            "overLimit",
        )
    if 0 <= limits["volumes"] <= used["volumes"]:
        raise RefusedError(
            413,
            f"VolumeLimitExceeded: Maximum number of volumes allowed ({limits['volumes']}) exceeded for quota "
            "'volumes'.",
            "overLimit",
        )


def update(cloud: Cloud, call: Call) -> Reply:
    volume = found(cloud, call.part("id"), call.caller)
    wish = call.resource("volume")
    volume.name = wish.get("name", volume.name)
    volume.description = wish.get("description", volume.description)
    volume.metadata = dict(wish.get("metadata", volume.metadata))
    volume.updated_at = now()
    return Reply({"volume": body(cloud, volume, call)})


def delete(cloud: Cloud, call: Call) -> Reply:
    volume = found(cloud, call.part("id"), call.caller)
    if volume.status not in {"available", "error", "error_restoring", "error_extending"}:
        raise RefusedError(
            400,
            "Invalid volume: Volume status must be available or error or error_restoring or error_extending or "
            "error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a "
            "transfer, or be disassociated from snapshots after volume transfer.",
            "badRequest",
        )
    volume.status = "deleting"
    cloud.later(cloud.pace.step, lambda: remove(cloud, volume.id))
    return Reply(None, 202)


def remove(cloud: Cloud, volume_id: str) -> None:
    cloud.cinder.volumes.pop(volume_id, None)


def attach(cloud: Cloud, volume: Volume, attachment: Attachment) -> None:
    if volume.status not in {"available", "creating", "reserved"}:
        raise RefusedError(
            400,
            f"Invalid volume: volume {volume.id} status must be available or reserved. Currently in '{volume.status}'",
            "badRequest",
        )
    cloud.cinder.attachments[attachment.id] = attachment
    volume.status, volume.updated_at = "in-use", now()


def detach(cloud: Cloud, attachment: Attachment) -> None:
    del cloud.cinder.attachments[attachment.id]
    volume = cloud.cinder.volumes.get(attachment.volume_id)
    if volume is not None and not cloud.cinder.attachments_of(volume.id):
        volume.status, volume.updated_at = "available", now()


def action(cloud: Cloud, call: Call) -> Reply:
    volume = found(cloud, call.part("id"), call.caller)
    asked = call.json()
    if "os-extend" in asked:
        return _extend(cloud, volume, int(asked["os-extend"]["new_size"]))
    if "os-set_bootable" in asked:
        volume.bootable = bool(asked["os-set_bootable"]["bootable"])
        return Reply(None, 200)
    if "os-force_delete" in asked and call.caller.is_admin:
        remove(cloud, volume.id)
        return Reply(None, 202)
    if "os-set_image_metadata" in asked:
        volume.image_metadata |= asked["os-set_image_metadata"]["metadata"]
        return Reply({"metadata": volume.image_metadata})
    raise RefusedError(400, f"There is no such action: {', '.join(asked)}", "badRequest")


def _extend(cloud: Cloud, volume: Volume, size: int) -> Reply:
    if size <= volume.size:
        raise RefusedError(
            400,
            f"Invalid input received: New size for extend must be greater than current size. "
            f"(current: {volume.size}, extended: {size}).",
            "badRequest",
        )
    _within_quota(cloud, volume.project_id, size - volume.size)
    volume.size, volume.updated_at = size, now()
    return Reply(None, 202)


def show_metadata(cloud: Cloud, call: Call) -> Reply:
    return Reply({"metadata": found(cloud, call.part("id"), call.caller).metadata})


def set_metadata(cloud: Cloud, call: Call) -> Reply:
    volume = found(cloud, call.part("id"), call.caller)
    fresh = dict(call.resource("metadata"))
    volume.metadata = fresh if call.method == "PUT" else {**volume.metadata, **fresh}
    return Reply({"metadata": volume.metadata})


def drop_metadata(cloud: Cloud, call: Call) -> Reply:
    found(cloud, call.part("id"), call.caller).metadata.pop(call.part("key"), None)
    return Reply(None, 200)
