from __future__ import annotations

from dataclasses import dataclass, field

from magnumctl.sandbox.wire import Json, new_id, now


@dataclass
class Image:
    name: str
    owner: str
    id: str = field(default_factory=new_id)
    status: str = "active"
    visibility: str = "public"
    disk_format: str | None = "qcow2"
    container_format: str | None = "bare"
    min_disk: int = 0
    min_ram: int = 0
    size: int | None = 0
    checksum: str | None = None
    digest: str | None = None
    protected: bool = False
    tags: list[str] = field(default_factory=list)
    properties: Json = field(default_factory=dict)
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)


@dataclass
class GlanceRecords:
    images: dict[str, Image] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
