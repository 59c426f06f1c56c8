"""Everything a project holds, listed service by service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .records import Resource, ResourceKind
from .services import CINDER, NEUTRON, NOVA, OCTAVIA, Client, Json, MissingServiceError, Service


@dataclass(frozen=True)
class Shelf:
    """One kind of resource: where it is listed. `own` filters by project, for callers who see more than theirs."""

    kind: ResourceKind
    service: Service
    path: str
    collection: str
    own: bool = False


SHELVES = (
    Shelf("server", NOVA, "/servers/detail", "servers"),
    Shelf("server group", NOVA, "/os-server-groups", "server_groups"),
    Shelf("keypair", NOVA, "/os-keypairs", "keypairs"),
    Shelf("network", NEUTRON, "/networks", "networks", own=True),
    Shelf("subnet", NEUTRON, "/subnets", "subnets", own=True),
    Shelf("router", NEUTRON, "/routers", "routers", own=True),
    Shelf("port", NEUTRON, "/ports", "ports", own=True),
    Shelf("security group", NEUTRON, "/security-groups", "security_groups", own=True),
    Shelf("floating ip", NEUTRON, "/floatingips", "floatingips", own=True),
    Shelf("volume", CINDER, "/volumes/detail", "volumes"),
    Shelf("load balancer", OCTAVIA, "/lbaas/loadbalancers", "loadbalancers", own=True),
)


def on_shelf(shelf: Shelf, client: Client, project_id: str) -> tuple[Resource, ...]:
    """Nothing when the cloud has no such service."""
    query = {"project_id": project_id} if shelf.own else {}
    try:
        return tuple(_resource(shelf.kind, row) for row in _rows(shelf, client, query))
    except MissingServiceError:
        return ()


def _rows(shelf: Shelf, client: Client, query: Json) -> Iterator[Json]:
    if shelf.kind == "keypair":
        # Nova wraps each one, and has no pages of them before 2.35.
        rows = client.listed(shelf.path, shelf.collection, query, marker="name")
        return ({"id": row["keypair"]["name"], **row["keypair"]} for row in rows)
    return client.listed(shelf.path, shelf.collection, query)


def _resource(kind: ResourceKind, row: Json) -> Resource:
    name = row.get("name") or row.get("floating_ip_address") or ""
    return Resource(kind, str(row["id"]), str(name), tuple(sorted(_marks(row))))


def _marks(row: Json) -> set[str]:
    metadata: dict[str, Any] = row.get("metadata") or {}
    bay = metadata.get("magnumctl_bay")
    return {*(row.get("tags") or ()), *([f"magnumctl:{bay}"] if bay else ())}
