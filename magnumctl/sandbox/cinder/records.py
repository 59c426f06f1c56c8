from __future__ import annotations

from dataclasses import dataclass, field

from magnumctl.sandbox.wire import Json, new_id, now


@dataclass
class VolumeType:
    name: str
    description: str = ""
    is_public: bool = True
    extra_specs: Json = field(default_factory=dict)
    id: str = field(default_factory=new_id)


@dataclass
class Attachment:
    volume_id: str
    server_id: str
    device: str
    delete_on_termination: bool = False
    id: str = field(default_factory=new_id)
    attached_at: str = field(default_factory=now)


@dataclass
class Volume:
    project_id: str
    user_id: str
    size: int
    name: str = ""
    description: str | None = None
    volume_type: str = "__DEFAULT__"
    status: str = "creating"
    availability_zone: str = "nova"
    metadata: dict[str, str] = field(default_factory=dict)
    image_id: str = ""
    """Bootable when set."""
    image_metadata: Json = field(default_factory=dict)
    source_volid: str | None = None
    bootable: bool = False
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)
    updated_at: str | None = None


DEFAULT_QUOTA: dict[str, int] = {
    "volumes": 40,
    "gigabytes": 2000,
    "snapshots": 10,
    "backups": 10,
    "backup_gigabytes": 1000,
    "per_volume_gigabytes": -1,
    "groups": 10,
}


@dataclass
class CinderRecords:
    volumes: dict[str, Volume] = field(default_factory=dict)
    types: dict[str, VolumeType] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    quotas: dict[str, dict[str, int]] = field(default_factory=dict)

    def quota(self, project_id: str) -> dict[str, int]:
        return {**DEFAULT_QUOTA, **self.quotas.get(project_id, {})}

    def used(self, project_id: str) -> dict[str, int]:
        mine = [volume for volume in self.volumes.values() if volume.project_id == project_id]
        return {"volumes": len(mine), "gigabytes": sum(volume.size for volume in mine)}

    def attachments_of(self, volume_id: str) -> list[Attachment]:
        return [it for it in self.attachments.values() if it.volume_id == volume_id]

    def attachments_to(self, server_id: str) -> list[Attachment]:
        return [it for it in self.attachments.values() if it.server_id == server_id]
