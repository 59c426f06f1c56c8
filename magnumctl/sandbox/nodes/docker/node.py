"""A node whose user-data makes it a Docker host with mutual TLS."""

from __future__ import annotations

from magnumctl.sandbox.nodes.certificates import Credential, issue_serving, mutual_context
from magnumctl.sandbox.nodes.clock import Clock
from magnumctl.sandbox.nodes.cloud_config import CloudConfig
from magnumctl.sandbox.nodes.console import Console
from magnumctl.sandbox.nodes.docker.api import DockerApi
from magnumctl.sandbox.nodes.docker.engine import Engine
from magnumctl.sandbox.nodes.listener import Service

SERVING = "/etc/magnumctl/serving"
CLIENT_CA = "/etc/docker/tls/client-ca.crt"
DAEMON = "/etc/docker/daemon.json"


class DockerNode:
    port = 2376

    def __init__(self, name: str, config: CloudConfig, clock: Clock, console: Console) -> None:
        self._name = name
        self._config = config
        self._console = console
        self._engine = Engine(name, clock)
        self._service: Service | None = None

    @classmethod
    def recognises(cls, config: CloudConfig) -> bool:
        return config.has(DAEMON) and config.has(CLIENT_CA)

    def begin(self) -> None:
        self._console.say("magnumctl: stage 1/3 files")
        authority = Credential(self._config.text(f"{SERVING}/ca.crt"), self._config.text(f"{SERVING}/ca.key"))
        addresses = self._config.text(f"{SERVING}/addresses").split()
        self._console.say("magnumctl: stage 2/3 certificate")
        serving = issue_serving(authority, self._name, addresses)
        context = mutual_context(serving, self._config.text(CLIENT_CA))
        self._console.say("magnumctl: stage 3/3 docker")
        self._service = Service(context, DockerApi(self._engine))

    def resume(self) -> None:
        self._engine.power_on()

    def halt(self) -> None:
        self._engine.power_off()

    def leave(self) -> None:
        self._engine.power_off()

    def service(self) -> Service | None:
        return self._service
