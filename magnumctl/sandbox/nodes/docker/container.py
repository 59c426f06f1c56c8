"""One container: what was asked for, and what became of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from magnumctl.sandbox.nodes.docker.times import stamp
from magnumctl.sandbox.nodes.http import Json

Status = Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]


@dataclass(frozen=True)
class LogLine:
    at: float
    stream: Literal["stdout", "stderr"]
    text: bytes


@dataclass
class Container:
    id: str
    name: str
    image: str
    config: Json
    host: Json
    networks: dict[str, Json]
    created: float = field(default_factory=time.time)
    status: Status = "created"
    exit_code: int = 0
    error: str = ""
    started: float = 0.0
    finished: float = 0.0
    restarts: int = 0
    pid: int = 0
    run: int = 0
    stopped_by_hand: bool = False
    ports: dict[str, list[Json]] = field(default_factory=dict)
    mounts: list[Json] = field(default_factory=list)
    log: list[LogLine] = field(default_factory=list)
    stdin: bytes = b""
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def running(self) -> bool:
        return self.status in {"running", "paused", "restarting"}

    @property
    def argv(self) -> list[str]:
        return [*(self.config.get("Entrypoint") or []), *(self.config.get("Cmd") or [])]

    @property
    def tty(self) -> bool:
        return bool(self.config.get("Tty"))

    def write(self, stream: Literal["stdout", "stderr"], text: str) -> None:
        with self.changed:
            lines = text.encode().splitlines(keepends=True)
            self.log.extend(LogLine(time.time(), stream, line) for line in lines)
            self.changed.notify_all()

    def become(self, status: Status) -> None:
        with self.changed:
            self.status = status
            self.changed.notify_all()

    def wait_until(self, reached: Callable[[], bool], seconds: float) -> bool:
        with self.changed:
            return self.changed.wait_for(reached, seconds)


def state_view(container: Container) -> Json:
    return {
        "Status": container.status, "Running": container.running, "Paused": container.status == "paused",
        "Restarting": container.status == "restarting", "OOMKilled": False, "Dead": container.status == "dead",
        "Pid": container.pid if container.running else 0, "ExitCode": container.exit_code, "Error": container.error,
        "StartedAt": stamp(container.started), "FinishedAt": stamp(container.finished),
    }  # fmt: skip


def inspect_view(container: Container) -> Json:
    argv = container.argv
    return {
        "Id": container.id, "Created": stamp(container.created), "Path": argv[0] if argv else "", "Args": argv[1:],
        "State": state_view(container), "Image": container.image, "Name": "/" + container.name,
        "ResolvConfPath": "", "HostnamePath": "", "HostsPath": "", "LogPath": "", "RestartCount": container.restarts,
        "Driver": "overlay2", "Platform": "linux", "MountLabel": "", "ProcessLabel": "", "AppArmorProfile": "",
        "ExecIDs": None, "HostConfig": container.host, "GraphDriver": {"Data": {}, "Name": "overlay2"},
        "Mounts": container.mounts, "Config": container.config, "NetworkSettings": _network_view(container),
        "SizeRw": 0, "SizeRootFs": 0,
    }  # fmt: skip


def _network_view(container: Container) -> Json:
    first: Json = next(iter(container.networks.values()), {})
    return {
        "Bridge": "", "SandboxID": container.id, "SandboxKey": "",
        "Ports": container.ports if container.running else {},
        "Gateway": first.get("Gateway", ""), "IPAddress": first.get("IPAddress", ""),
        "IPPrefixLen": first.get("IPPrefixLen", 0), "MacAddress": first.get("MacAddress", ""),
        "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "IPv6Gateway": "", "HairpinMode": False,
        "EndpointID": first.get("EndpointID", ""), "Networks": container.networks,
    }  # fmt: skip


def summary_view(container: Container) -> Json:
    return {
        "Id": container.id, "Names": ["/" + container.name], "Image": container.config["Image"],
        "ImageID": container.image, "Command": " ".join(container.argv), "Created": int(container.created),
        "Ports": _published(container), "Labels": container.config.get("Labels") or {}, "State": container.status,
        "Status": spoken_status(container), "Mounts": container.mounts,
        "HostConfig": {"NetworkMode": container.host["NetworkMode"]},
        "NetworkSettings": {"Networks": container.networks},
    }  # fmt: skip


def _published(container: Container) -> list[Json]:
    shown: list[Json] = []
    for name, bindings in (container.ports if container.running else {}).items():
        port, _, protocol = name.partition("/")
        inner: Json = {"PrivatePort": int(port), "Type": protocol}
        for each in bindings or [{}]:
            outer = {"IP": each["HostIp"], "PublicPort": int(each["HostPort"])} if each else {}
            shown.append(inner | outer)
    return shown


def spoken_status(container: Container) -> str:
    """What `docker ps` shows: Up 3 seconds, Exited (0) 2 minutes ago."""
    since = time.time() - (container.started if container.running else container.finished)
    age = spoken_age(since)
    spoken = {
        "created": "Created",
        "restarting": f"Restarting ({container.exit_code}) {age} ago",
        "paused": f"Up {age} (Paused)",
        "running": f"Up {age}",
        "removing": "Removal In Progress",
        "dead": "Dead",
        "exited": f"Exited ({container.exit_code}) {age} ago",
    }
    return spoken[container.status]


def spoken_age(seconds: float) -> str:
    if seconds < 1:
        return "Less than a second"
    for name, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {name}" + ("s" if number > 1 else "")
    return "Less than a second"
