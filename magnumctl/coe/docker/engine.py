"""The Docker engine of one node. Answers that say no raise Refused, no answer CoeUnreachableError; both name the node.

Imports the `docker` package, which takes a tenth of a second: only `bay` imports this file, when it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from docker import APIClient

from magnumctl.blueprint.model import PublishedPort
from magnumctl.coe.contract import NodeAddress
from magnumctl.coe.logs import LogWish
from magnumctl.coe.sessions import ExecWish, TerminalSize
from magnumctl.coe.tls_files import TlsFiles
from magnumctl.manifests import ContainerWish
from magnumctl.manifests.marks import BAY

from .live import Live, live
from .refusal import Refused
from .wire import connect, logs, pull, reaching

Json = Mapping[str, Any]
STOP_SECONDS = 10


class Engine:
    def __init__(self, bay: str, node: NodeAddress, port: int, files: TlsFiles, held: Mapping[str, str]) -> None:
        """`held` tells by name what a person has stopped or paused."""
        self.bay = bay
        self.node = node
        self.port = port
        self.files = files
        self._held = held

    @cached_property
    def _api(self) -> APIClient:
        return connect(self.bay, self.node, self.port, self.files)

    def ping(self) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            api.ping()

    def ours(self, bay_uuid: str) -> tuple[Live, ...]:
        """Running or not, by name."""
        api = self._api
        with reaching(self.bay, self.node):
            listed = api.containers(all=True, filters={"label": f"{BAY}={bay_uuid}"})
        return tuple(sorted((live(self.node.name, each, self._held) for each in listed), key=lambda each: each.name))

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

    def system(self) -> Json:
        api = self._api
        with reaching(self.bay, self.node):
            found: Json = api.info()
            return found

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

    def restart(self, container_id: str) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            api.restart(container_id, timeout=STOP_SECONDS)

    def pause(self, container_id: str) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            api.pause(container_id)

    def unpause(self, container_id: str) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            api.unpause(container_id)

    def logs(self, container_id: str, wish: LogWish) -> Iterator[bytes]:
        """In Docker's frames, unless the container has a terminal."""
        api = self._api
        with reaching(self.bay, self.node):
            yield from logs(api, container_id, wish)

    def new_exec(self, container_id: str, wish: ExecWish) -> str:
        api = self._api
        with reaching(self.bay, self.node):
            made = api.exec_create(
                container_id, list(wish.command), stdin=wish.has_input, tty=wish.terminal is not None
            )
            return str(made["Id"])

    def resize_exec(self, exec_id: str, size: TerminalSize) -> None:
        api = self._api
        with reaching(self.bay, self.node):
            api.exec_resize(exec_id, height=size.rows, width=size.columns)

    def exit_code_of_exec(self, exec_id: str) -> int | None:
        """None while it runs."""
        api = self._api
        with reaching(self.bay, self.node):
            code: int | None = api.exec_inspect(exec_id)["ExitCode"]
            return code

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
