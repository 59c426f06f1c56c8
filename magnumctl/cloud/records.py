"""What the cloud says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ResourceKind = Literal[
    "server",
    "server group",
    "keypair",
    "network",
    "subnet",
    "router",
    "port",
    "security group",
    "floating ip",
    "volume",
    "load balancer",
]


@dataclass(frozen=True)
class Resource:
    """`tags` are sorted; what has metadata instead shows its mark `magnumctl:UUID` among them all the same."""

    kind: ResourceKind
    id: str
    name: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inventory:
    """Everything the project holds."""

    resources: frozenset[Resource]

    def of_bay(self, bay_uuid: str) -> frozenset[Resource]:
        return frozenset(resource for resource in self.resources if f"magnumctl:{bay_uuid}" in resource.tags)


@dataclass(frozen=True)
class QuotaRow:
    """-1 for a limit, and so for what is free, that has no bound. `ram` in MiB, `gigabytes` in GiB."""

    resource: str
    used: int
    limit: int

    @property
    def free(self) -> int:
        return -1 if self.limit < 0 else max(0, self.limit - self.used)


@dataclass(frozen=True)
class Flavor:
    id: str
    name: str
    vcpus: int
    ram_mib: int
    disk_gib: int


@dataclass(frozen=True)
class SecurityGroupRule:
    """`protocol` and `remote` (a range, or the id of a group) are empty for any; ports are None for all."""

    id: str
    direction: str
    ethertype: str
    protocol: str
    port_min: int | None
    port_max: int | None
    remote: str

    @property
    def lets_all_out(self) -> bool:
        """One of the two that Neutron puts into every new group."""
        return self.direction == "egress" and not (self.protocol or self.remote)

    def __str__(self) -> str:
        ports = "" if self.port_min is None else f" {self.port_min}"
        upto = "" if self.port_max in {None, self.port_min} else f"-{self.port_max}"
        to_or_from = "from" if self.direction == "ingress" else "to"
        everyone = "::/0" if self.ethertype == "IPv6" else "0.0.0.0/0"
        return f"{self.direction} {self.protocol or 'any'}{ports}{upto} {to_or_from} {self.remote or everyone}"


@dataclass(frozen=True)
class Server:
    """`host_id` is the same for servers of one project on one host, and says no more; `flavor` and `image` are ids."""

    id: str
    name: str
    status: str
    flavor: str
    image: str
    host_id: str
    zone: str
    addresses: tuple[str, ...]
    created_at: str
    fault: str
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class ServerFault:
    """Nova's own reason for a server in ERROR; `created` is its time, ISO 8601."""

    status: str
    message: str
    created: str
