"""What the cloud means by a name: the id, as Terraform will find it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from .services import GLANCE, NEUTRON, NOVA, Client, Json, Service

NamedKind = Literal["image", "flavor", "network", "subnet", "keypair"]


def ids(client: Callable[[Service], Client], kind: NamedKind, name_or_id: str) -> tuple[str, ...]:
    """Of everything that goes by this name or id: none, one, or several."""
    if kind == "flavor":
        rows = client(NOVA).listed("/flavors", "flavors")
    elif kind == "keypair":
        rows = (
            {"id": row["keypair"]["name"]} for row in client(NOVA).listed("/os-keypairs", "keypairs", marker="name")
        )
    elif kind == "image":
        rows = client(GLANCE).listed("/images", "images")
    else:
        rows = client(NEUTRON).listed(f"/{kind}s", f"{kind}s")
    return tuple(str(row["id"]) for row in rows if _is(row, name_or_id))


def _is(row: Json, name_or_id: str) -> bool:
    return name_or_id in {row["id"], row.get("name")}
