"""Nova's servers as values."""

from __future__ import annotations

from typing import Any

from .records import Server
from .services import Json


def server(row: Json) -> Server:
    return Server(
        id=str(row["id"]),
        name=str(row["name"]),
        status=str(row.get("status", "")),
        flavor=_id(row.get("flavor")),
        image=_id(row.get("image")),
        host_id=str(row.get("hostId") or ""),
        zone=str(row.get("OS-EXT-AZ:availability_zone") or ""),
        addresses=tuple(each["addr"] for network in (row.get("addresses") or {}).values() for each in network),
        created_at=str(row.get("created", "")),
        fault=str((row.get("fault") or {}).get("message", "")),
        metadata=row.get("metadata") or {},
    )


def _id(reference: Any) -> str:
    """Of a server that boots from a volume the image is an empty string."""
    return str(reference.get("id", "")) if isinstance(reference, dict) else ""
