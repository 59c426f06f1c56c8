"""Which host ports the containers of a Docker bay publish."""

from __future__ import annotations

from dataclasses import dataclass

from . import model

DOCKER_PORT = 2376
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 compared, not bound


@dataclass(frozen=True)
class Claim:
    container: str
    node: str | None
    host_ip: str


class HostPorts:
    def __init__(self) -> None:
        self._claims: dict[tuple[str, int, str], list[Claim]] = {}

    def claim(self, container: model.Container, port: model.PublishedPort, bay: model.Bay) -> str:
        """Why the port cannot be published, empty when it can."""
        if port.host_port is None:
            return ""
        shown = f"host port {port.host_port}/{port.protocol}"
        if port.host_port == DOCKER_PORT and port.protocol == "tcp":
            return f"{shown} is the Docker engine's own on every node"
        mine = Claim(container.name, container.node, port.host_ip)
        claims = self._claims.setdefault((bay.name, port.host_port, port.protocol), [])
        clash = _clash(mine, claims, bay)
        claims.append(mine)
        return f"{shown} {clash}" if clash else ""


def _clash(mine: Claim, claims: list[Claim], bay: model.Bay) -> str:
    rivals = [claim for claim in claims if _same_address(claim.host_ip, mine.host_ip)]
    if any(claim.container == mine.container for claim in rivals):
        return "is published twice"
    for claim in rivals:
        if mine.node and claim.node == mine.node:
            return f"of {mine.node} is published by the container {claim.container} already"
    if len(rivals) >= len(bay.nodes):
        names = ", ".join(claim.container for claim in rivals[:5])
        return f"is published by {names} already, one for each node of {bay.name}"
    return ""


def _same_address(one: str, other: str) -> bool:
    return one == other or bool({one, other} & EVERYWHERE)
