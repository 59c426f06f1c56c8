"""The networks and volumes of a Docker node: records, addresses handed out, nothing routed."""

from __future__ import annotations

import ipaddress
import itertools
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from magnumctl.sandbox.nodes.docker.errors import EngineError, no_such
from magnumctl.sandbox.nodes.docker.times import stamp
from magnumctl.sandbox.nodes.http import Json

SHORTEST_ID = 4
BUILT_IN = ("bridge", "host", "none")


@dataclass
class Network:
    id: str
    name: str
    driver: str
    subnet: str
    wish: Json
    created: float = field(default_factory=time.time)
    hosts: Iterator[int] = field(default_factory=lambda: itertools.count(2))
    containers: dict[str, Json] = field(default_factory=dict)

    def view(self) -> Json:
        gateway = str(next(ipaddress.ip_network(self.subnet).hosts())) if self.subnet else ""
        addresses = [{"Subnet": self.subnet, "Gateway": gateway}] if self.subnet else []
        return {
            "Name": self.name, "Id": self.id, "Created": stamp(self.created), "Scope": "local", "Driver": self.driver,
            "EnableIPv4": True, "EnableIPv6": False, "IPAM": {"Driver": "default", "Options": None,
            "Config": addresses},
            "Internal": bool(self.wish.get("Internal")), "Attachable": bool(self.wish.get("Attachable")),
            "Ingress": False,
            "ConfigFrom": {"Network": ""}, "ConfigOnly": False, "Containers": self.containers,
            "Options": self.wish.get("Options") or {}, "Labels": self.wish.get("Labels") or {},
        }  # fmt: skip

    def endpoint(self, aliases: list[str] | None) -> Json:
        """What a container's NetworkSettings say of it before it runs."""
        return {
            "IPAMConfig": None, "Links": None, "Aliases": aliases, "MacAddress": "", "DriverOpts": None,
            "GwPriority": 0,
            "NetworkID": self.id, "EndpointID": "", "Gateway": "", "IPAddress": "", "IPPrefixLen": 0, "IPv6Gateway": "",
            "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "DNSNames": None,
        }  # fmt: skip

    def connect(self, container: str, name: str, endpoint: Json) -> None:
        endpoint["EndpointID"] = secrets.token_hex(32)
        if self.subnet:
            network = ipaddress.ip_network(self.subnet)
            address = str(network[next(self.hosts) % network.num_addresses])
            endpoint |= {"Gateway": str(network[1]), "IPAddress": address, "IPPrefixLen": network.prefixlen}
            endpoint["MacAddress"] = "02:42:" + ":".join(f"{int(part):02x}" for part in address.split("."))
        held = f"{endpoint['IPAddress']}/{endpoint['IPPrefixLen']}"
        self.containers[container] = {
            "Name": name, "EndpointID": endpoint["EndpointID"], "MacAddress": endpoint["MacAddress"],
            "IPv4Address": held, "IPv6Address": "",
        }  # fmt: skip

    def disconnect(self, container: str, endpoint: Json) -> None:
        self.containers.pop(container, None)
        endpoint |= {"EndpointID": "", "Gateway": "", "IPAddress": "", "IPPrefixLen": 0, "MacAddress": ""}


class Networks:
    def __init__(self) -> None:
        self._subnets = (f"172.{number}.0.0/16" for number in itertools.count(17))
        self._networks: dict[str, Network] = {}
        for name, driver in (("bridge", "bridge"), ("host", "host"), ("none", "null")):
            self._add(name, driver, next(self._subnets) if driver == "bridge" else "", {})

    def all(self) -> tuple[Network, ...]:
        return tuple(self._networks.values())

    def find(self, name: str) -> Network:
        for network in self._networks.values():
            if name == network.name or (len(name) >= SHORTEST_ID and network.id.startswith(name)):
                return network
        raise EngineError(404, f"network {name} not found")

    def create(self, wish: Json) -> Network:
        name = str(wish.get("Name") or "")
        if not name:
            raise EngineError(400, "invalid network name: name is empty")
        if any(network.name == name for network in self._networks.values()):
            raise EngineError(409, f"network with name {name} already exists")
        wanted: list[Json] = (wish.get("IPAM") or {}).get("Config") or []
        asked = wanted[0].get("Subnet") if wanted else None
        return self._add(name, wish.get("Driver") or "bridge", asked or next(self._subnets), wish)

    def _add(self, name: str, driver: str, subnet: str, wish: Json) -> Network:
        network = Network(secrets.token_hex(32), name, driver, subnet, wish)
        self._networks[network.id] = network
        return network

    def remove(self, name: str) -> None:
        network = self.find(name)
        if network.name in BUILT_IN:
            raise EngineError(403, f"{network.name} is a pre-defined network and cannot be removed")
        if network.containers:
            raise EngineError(403, f"error while removing network: network {network.name} has active endpoints")
        del self._networks[network.id]


class Volumes:
    def __init__(self) -> None:
        self._volumes: dict[str, Json] = {}

    def all(self) -> tuple[Json, ...]:
        return tuple(self._volumes.values())

    def find(self, name: str) -> Json:
        if name not in self._volumes:
            raise EngineError(404, f"get {name}: {no_such('volume', name).message.lower()}")
        return self._volumes[name]

    def create(self, wish: Json) -> Json:
        name = wish.get("Name") or secrets.token_hex(32)
        made: Json = {"CreatedAt": stamp(time.time()), "Driver": wish.get("Driver") or "local", "Name": name}
        made |= {
            "Labels": wish.get("Labels") or {},
            "Options": wish.get("DriverOpts") or {},
            "Scope": "local",
        }
        made["Mountpoint"] = f"/var/lib/docker/volumes/{name}/_data"
        return dict(self._volumes.setdefault(name, made))

    def remove(self, name: str, used_by: str, force: bool) -> None:
        if force and name not in self._volumes:
            return
        self.find(name)
        if used_by:
            raise EngineError(409, f"remove {name}: volume is in use - [{used_by}]")
        del self._volumes[name]
