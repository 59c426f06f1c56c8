"""A create request as dockerd reads it: refused with its sentences, completed with its defaults."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping

from magnumctl.sandbox.nodes.docker.container import Container
from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.docker.images import Image
from magnumctl.sandbox.nodes.docker.networks import Networks, Volumes
from magnumctl.sandbox.nodes.http import Json

NAME = re.compile(r"^/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$")
PORT = re.compile(r"^(\d{1,5})(?:/(tcp|udp|sctp))?$")
POLICIES = ("no", "always", "on-failure", "unless-stopped")
LAST_PORT = 65535
LEAST_MEMORY = 6 * 1024 * 1024
ADJECTIVES = (
    "amber",
    "brisk",
    "calm",
    "eager",
    "fair",
    "keen",
    "lucid",
    "merry",
    "noble",
    "quiet",
    "sage",
    "witty",
)
PEOPLE = ("curie", "euler", "gauss", "hopper", "kepler", "lovelace", "noether", "turing", "volta", "wright")


def checked_name(name: str) -> str:
    """A random one when none is asked for."""
    if not name:
        return f"{secrets.choice(ADJECTIVES)}_{secrets.choice(PEOPLE)}_{secrets.token_hex(2)}"
    if not NAME.match(name):
        allowed = "[a-zA-Z0-9][a-zA-Z0-9_.-]"
        raise EngineError(400, f"Invalid container name ({name}), only {allowed} are allowed")
    return name.removeprefix("/")


def container_of(name: str, wish: Json, image: Image, networks: Networks, volumes: Volumes) -> Container:
    identity = secrets.token_hex(32)
    host = host_config(wish.get("HostConfig") or {})
    config = merged_config(wish, image.config, identity[:12])
    if not (config["Cmd"] or config["Entrypoint"]):
        raise EngineError(400, "no command specified")
    attached = endpoints(wish, host, networks)
    made = Container(identity, name, image.id, config, host, attached)
    made.mounts = mounts(host, volumes)
    return made


def merged_config(wish: Json, image: Json, hostname: str) -> Json:
    """The image's defaults under what was asked; an own entrypoint also drops the image's command."""
    asked = {
        key: value for key, value in wish.items() if key in image or key in {"Healthcheck", "StopSignal", "StopTimeout"}
    }
    config = image | {key: value for key, value in asked.items() if value not in (None, "", {})}
    config["Image"] = wish.get("Image") or ""
    config["Hostname"] = wish.get("Hostname") or hostname
    if wish.get("Entrypoint") and not wish.get("Cmd"):
        config["Cmd"] = None
    config["Labels"] = {**(image.get("Labels") or {}), **(wish.get("Labels") or {})}
    config["Env"] = merged_environment(image.get("Env") or [], wish.get("Env") or [])
    config["ExposedPorts"] = exposed(wish, image)
    return config


def merged_environment(image: list[str], asked: list[str]) -> list[str]:
    names = {each.partition("=")[0] for each in asked}
    return [*asked, *(each for each in image if each.partition("=")[0] not in names)]


def exposed(wish: Json, image: Json) -> Json:
    bound = (wish.get("HostConfig") or {}).get("PortBindings") or {}
    ports = {
        **(image.get("ExposedPorts") or {}),
        **(wish.get("ExposedPorts") or {}),
        **{port: {} for port in bound},
    }
    for port in ports:
        match = PORT.match(port)
        if not match or not 0 < int(match[1]) <= LAST_PORT:
            raise EngineError(400, f"invalid port specification: {port!r}".replace("'", '"'))
    return {port if "/" in port else f"{port}/tcp": {} for port in ports}


def host_config(asked: Json) -> Json:
    host: Json = {
        "Binds": None, "ContainerIDFile": "", "LogConfig": {"Type": "json-file", "Config": {}}, "NetworkMode": "bridge",
        "PortBindings": {}, "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}, "AutoRemove": False,
        "VolumeDriver": "", "VolumesFrom": None, "CapAdd": None, "CapDrop": None, "Dns": [], "ExtraHosts": None,
        "Privileged": False, "PublishAllPorts": False, "ReadonlyRootfs": False, "Memory": 0, "NanoCpus": 0,
        "CpuShares": 0, "Mounts": None, "Runtime": "runc", "ShmSize": 67108864,
    }  # fmt: skip
    host |= {key: value for key, value in asked.items() if value is not None}
    host["NetworkMode"] = "bridge" if host["NetworkMode"] in {"", "default"} else host["NetworkMode"]
    host["LogConfig"] = host["LogConfig"] if host["LogConfig"].get("Type") else {"Type": "json-file", "Config": {}}
    host["PortBindings"] = {p if "/" in p else f"{p}/tcp": each for p, each in host["PortBindings"].items()}
    host["RestartPolicy"] = restart_policy(host["RestartPolicy"], host["AutoRemove"])
    if 0 < (host["Memory"] or 0) < LEAST_MEMORY:
        raise EngineError(400, "Minimum memory limit allowed is 6MB")
    return host


def restart_policy(asked: Mapping[str, object], auto_remove: bool) -> Json:
    name = str(asked.get("Name") or "no")
    count = int(str(asked.get("MaximumRetryCount") or 0))
    if name not in POLICIES:
        choices = "use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
        raise EngineError(400, f"invalid restart policy: unknown policy '{name}'; {choices}")
    if count and name != "on-failure":
        raise EngineError(400, "invalid restart policy: maximum retry count can only be used with 'on-failure'")
    if auto_remove and name != "no":
        raise EngineError(400, "can't create 'AutoRemove' container with restart policy")
    return {"Name": name, "MaximumRetryCount": count}


def endpoints(wish: Json, host: Json, networks: Networks) -> dict[str, Json]:
    mode = host["NetworkMode"]
    asked = (wish.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
    if mode.startswith("container:"):
        return {}
    names = dict.fromkeys([mode, *asked])
    found = [(networks.find(name), asked.get(name) or {}) for name in names if name != "default"]
    return {network.name: network.endpoint(each.get("Aliases")) for network, each in found}


def mounts(host: Json, volumes: Volumes) -> list[Json]:
    shown = [_bind(each, volumes) for each in host.get("Binds") or []]
    return shown + [_mount(each, volumes) for each in host.get("Mounts") or []]


def _bind(text: str, volumes: Volumes) -> Json:
    source, target, *mode = text.split(":")
    writable = "ro" not in (mode[0].split(",") if mode else [])
    kind = "bind" if source.startswith("/") else "volume"
    return _shown(kind, source, target, writable, volumes) | {"Mode": mode[0] if mode else ""}


def _mount(wish: Json, volumes: Volumes) -> Json:
    return _shown(wish["Type"], wish.get("Source") or "", wish["Target"], not wish.get("ReadOnly"), volumes)


def _shown(kind: str, source: str, target: str, writable: bool, volumes: Volumes) -> Json:
    shown: Json = {
        "Type": kind,
        "Source": source,
        "Destination": target,
        "Mode": "",
        "RW": writable,
        "Propagation": "",
    }
    if kind == "volume":
        made = volumes.create({"Name": source})
        shown |= {"Name": made["Name"], "Source": made["Mountpoint"], "Driver": made["Driver"]}
    return shown


def exit_code_of_stop(container: Container) -> int:
    """Servers end well when asked; a shell or sleep as PID 1 ignores the signal and is killed."""
    own = container.config.get("Entrypoint") or []
    program = (container.config.get("Cmd") or own or [""])[0].rsplit("/", 1)[-1]
    return 137 if program in {"sh", "bash", "ash", "sleep", "tail", "cat"} else 0


def begun(container: Container, pid: int) -> None:
    container.started, container.finished, container.error, container.exit_code = time.time(), 0.0, "", 0
    container.pid, container.run, container.stopped_by_hand = pid, container.run + 1, False
