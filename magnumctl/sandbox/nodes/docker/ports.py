"""The host ports of a Docker node: who holds which, and which are given to those who do not care."""

from __future__ import annotations

import itertools

from magnumctl.sandbox.nodes.docker.container import Container
from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.http import Json

FIRST_EPHEMERAL, LAST_PORT = 32768, 65535


class HostPorts:
    def __init__(self) -> None:
        self._held: dict[tuple[str, int], str] = {}

    def publish(self, container: Container) -> None:
        """All of them or, with EngineError, none."""
        wanted = _wanted(container)
        try:
            container.ports = {port: self._bound(container, port, each) for port, each in wanted.items()}
        except EngineError:
            self.release(container)
            raise

    def release(self, container: Container) -> None:
        self._held = {place: holder for place, holder in self._held.items() if holder != container.id}

    def _bound(self, container: Container, port: str, bindings: list[Json]) -> list[Json]:
        shown: list[Json] = []
        for binding in bindings:
            number = self._take(container, port.partition("/")[2], binding)
            addresses = [binding["HostIp"]] if binding.get("HostIp") else ["0.0.0.0", "::"]  # noqa: S104 - only shown
            shown += [{"HostIp": address, "HostPort": str(number)} for address in addresses]
        return shown

    def _take(self, container: Container, protocol: str, binding: Json) -> int:
        asked = str(binding.get("HostPort") or "0").partition("-")[0]
        if not asked.isdigit() or int(asked) > LAST_PORT:
            raise EngineError(400, f'invalid port specification: "{asked}"')
        number = int(asked) or self._free(protocol)
        if (protocol, number) in self._held:
            raise EngineError(500, _taken(container, binding.get("HostIp") or "0.0.0.0", number))  # noqa: S104
        self._held[protocol, number] = container.id
        return number

    def _free(self, protocol: str) -> int:
        return next(port for port in itertools.count(FIRST_EPHEMERAL) if (protocol, port) not in self._held)


def _wanted(container: Container) -> dict[str, list[Json]]:
    if container.host["NetworkMode"] == "host":
        return {}
    wanted: dict[str, list[Json]] = {port: [] for port in container.config["ExposedPorts"]}
    if container.host["PublishAllPorts"]:
        wanted = {port: [{"HostIp": "", "HostPort": ""}] for port in wanted}
    return wanted | {port: each or [{}] for port, each in container.host["PortBindings"].items()}


def _taken(container: Container, address: str, number: int) -> str:
    return (
        f"driver failed programming external connectivity on endpoint {container.name} ({container.id}):"
        f" Bind for {address}:{number} failed: port is already allocated"
    )
