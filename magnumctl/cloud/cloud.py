"""A project of a cloud, asked for what Terraform does not tell. Only reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from functools import partial
from itertools import chain
from typing import TypeVar

from keystoneauth1 import exceptions as ksa
from keystoneauth1.session import Session

from magnumctl.errors import CloudError

from .inventory import SHELVES, on_shelf
from .lookup import NamedKind, ids
from .quota import cinder_quota, if_offered, neutron_quota, nova_quota, octavia_quota
from .records import Flavor, Inventory, QuotaRow, SecurityGroupRule, Server, ServerFault
from .servers import server
from .services import CINDER, NEUTRON, NOVA, OCTAVIA, Client, Json, Service
from .wall import translated

AT_ONCE = 6
"""Requests side by side: enough that a listing takes as long as its slowest service, and no service is pestered."""

Answer = TypeVar("Answer")


class Cloud:
    def __init__(self, session: Session, region: str, interface: str = "public") -> None:
        self._session = session
        self._region = region
        self._interface = interface

    def inventory(self) -> Inventory:
        project = self._project()
        asked = [partial(on_shelf, shelf, self._client(shelf.service), project) for shelf in SHELVES]
        return Inventory(frozenset(chain.from_iterable(side_by_side(asked))))

    def quota(self) -> tuple[QuotaRow, ...]:
        project = self._project()
        asked = [
            partial(nova_quota, self._client(NOVA)),
            partial(neutron_quota, self._client(NEUTRON), project),
            partial(cinder_quota, self._client(CINDER)),
            partial(octavia_quota, self._client(OCTAVIA), project),
        ]
        return tuple(chain.from_iterable(side_by_side([partial(if_offered, ask) for ask in asked])))

    def flavor(self, name_or_id: str) -> Flavor:
        flavors = self.flavors()
        for flavor in flavors:
            if name_or_id in {flavor.id, flavor.name}:
                return flavor
        near = get_close_matches(name_or_id, [flavor.name for flavor in flavors], n=1)
        known = ", ".join(sorted(flavor.name for flavor in flavors))
        said = f"did you mean {near[0]}? " if near else ""
        raise CloudError(
            f"there is no flavor {name_or_id}",
            detail=f"{said}this project may use {known}",
            hint="openstack flavor list",
        )

    def servers(self) -> tuple[Server, ...]:
        return tuple(map(server, self._client(NOVA).listed("/servers/detail", "servers")))

    def flavors(self) -> tuple[Flavor, ...]:
        return tuple(map(_flavor, self._client(NOVA).listed("/flavors/detail", "flavors")))

    def ids(self, kind: NamedKind, name_or_id: str) -> tuple[str, ...]:
        """Of everything of a kind that goes by this name or id: none, one, or several."""
        return ids(self._client, kind, name_or_id)

    def console(self, server_id: str, lines: int = 200) -> str:
        """The last lines of the server's serial console; empty while it has none."""
        body = {"os-getConsoleOutput": {"length": lines}}
        try:
            answer = self._client(NOVA).post(
                f"/servers/{server_id}/action", f"show the console of server {server_id}", body
            )
        except CloudError as exc:
            if isinstance(exc.__cause__, ksa.Conflict):  # not built far enough
                return ""
            raise
        return str(answer.get("output") or "")

    def security_group_rules(self, group_id: str) -> tuple[SecurityGroupRule, ...]:
        """Nothing when the group is gone."""
        rows = self._client(NEUTRON).listed(
            "/security-group-rules", "security_group_rules", {"security_group_id": group_id}
        )
        return tuple(_rule(row) for row in rows)

    def server_fault(self, server_id: str) -> ServerFault | None:
        """Why the server failed; None when Nova knows no fault of it."""
        server = self._client(NOVA).get(f"/servers/{server_id}", f"show server {server_id}").get("server", {})
        fault = server.get("fault")
        if not fault:
            return None
        return ServerFault(str(server.get("status", "")), str(fault.get("message", "")), str(fault.get("created", "")))

    def _client(self, service: Service) -> Client:
        return Client(service, self._session, self._region, self._interface)

    def _project(self) -> str:
        with translated("Keystone", "name the project"):
            return str(self._session.get_project_id())


def _flavor(row: Json) -> Flavor:
    return Flavor(str(row["id"]), str(row["name"]), int(row["vcpus"]), int(row["ram"]), int(row["disk"]))


def _rule(row: Json) -> SecurityGroupRule:
    return SecurityGroupRule(
        id=str(row["id"]),
        direction=str(row["direction"]),
        ethertype=str(row["ethertype"]),
        protocol=str(row.get("protocol") or ""),
        port_min=row.get("port_range_min"),
        port_max=row.get("port_range_max"),
        remote=str(row.get("remote_ip_prefix") or row.get("remote_group_id") or ""),
    )


def side_by_side(asked: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """The answers in order; the first error, when all have ended."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(ask) for ask in asked]
    return [future.result() for future in futures]
