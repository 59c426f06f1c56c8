"""The Docker engine of one node. Answers that say no raise Refused, no answer CoeUnreachableError; both name the node.

Imports the `docker` package, which takes a tenth of a second: only `bay` imports this file, when it is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from docker import APIClient

from magnumctl.blueprint.model import PublishedPort
from magnumctl.coe.contract import NodeAddress
from magnumctl.coe.tls_files import TlsFiles
from magnumctl.manifests import ContainerWish
from magnumctl.manifests.marks import BAY

from .live import Live, live
from .refusal import Refused
from .wire import connect, pull, reaching

Json = Mapping[str, Any]
STOP_SECONDS = 10


class Engine:
    def __init__(self, bay: str, node: NodeAddress, port: int, files: TlsFiles) -> None:
        self.bay = bay
        self.node = node
        self._port = port
        self._files = files

    @cached_property
    def _api(self) -> APIClient:
        return connect(self.bay, self.node, self._port, self._files)

    def ping(self) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            api.ping()

    def ours(self, bay_uuid: str) -> tuple[Live, ...]:
        """Running or not, by name."""
        api = self._api
        with reaching(self.bay, self.node):
            listed = api.containers(all=True, filters={"label": f"{BAY}={bay_uuid}"})
        return tuple(sorted((live(self.node.name, each) for each in listed), key=lambda each: each.name))

    def inspect(self, container_id: str) -> Json:
        api = self._api
        with reaching(self.bay, self.node):
            found: Json = api.inspect_container(container_id)
            return found

    def last_words(self, container_id: str) -> str:
        """The last line of its log, empty when the log cannot be read."""
        api = self._api
        try:
            with reaching(self.bay, self.node):
                log: bytes = api.logs(container_id, tail=1)
        except Refused:
            return ""
        return " ".join(log.decode(errors="replace").split())

    def has_image(self, image: str) -> bool:
        api = self._api
        try:
            with reaching(self.bay, self.node):
                api.inspect_image(image)  # type: ignore[no-untyped-call]
        except Refused as exc:
            if exc.is_gone:
                return False
            raise
        return True

    def pull(self, image: str) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            pull(api, image)

    def create(self, wish: ContainerWish) -> str:
        """The new container's id."""
        api = self._api
        with reaching(self.bay, self.node):
            host = api.create_host_config(port_bindings=bindings(wish.ports), restart_policy={"Name": wish.restart})
            created = api.create_container(
                image=wish.image,
                name=wish.name,
                command=list(wish.command) or None,
                environment=dict(wish.env),
                labels=dict(wish.labels),
                ports=[(port.container_port, port.protocol) for port in wish.ports],
                host_config=host,
            )
            return str(created["Id"])

    def start(self, container_id: str) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            api.start(container_id)

    def stop(self, container_id: str) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            api.stop(container_id, timeout=STOP_SECONDS)

    def rename(self, container_id: str, name: str) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            api.rename(container_id, name)

    def remove(self, container_id: str) -> None:
        """With its anonymous volumes, running or not. Gone already is as good."""
        api = self._api
        try:
            with reaching(self.bay, self.node):
                api.remove_container(container_id, v=True, force=True)
        except Refused as exc:
            if not exc.is_gone:
                raise


def bindings(ports: tuple[PublishedPort, ...]) -> dict[int | str, Any]:
    """By container port: one may be published several times."""
    bound: dict[int | str, Any] = {}
    for port in ports:
        key = f"{port.container_port}/{port.protocol}"
        bound.setdefault(key, []).append((port.host_ip, port.host_port))
    return bound
