"""What a server of the sandbox is made of: the cloud's side of the border to the emulated (or real) nodes.

The cloud tells a fabric what happens to servers, addresses and load balancers; it never looks inside a node.
Calls come one at a time, in the order the cloud decided them, and never while the cloud is locked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class FixedAddress:
    """Networks overlap: an address means something only together with its network."""

    network_id: str
    address: str


@dataclass(frozen=True)
class BootedServer:
    """A server at the moment it starts for the first time; `user_data` is as sent (gzip or plain)."""

    id: str
    name: str
    image_name: str
    project_id: str
    user_data: bytes
    fixed_addresses: tuple[FixedAddress, ...] = ()
    floating_addresses: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def fixed_ips(self) -> tuple[str, ...]:
        return tuple(fixed.address for fixed in self.fixed_addresses)


@dataclass(frozen=True)
class RelayMember:
    network_id: str
    address: str
    port: int


@dataclass(frozen=True)
class Relay:
    """A load balancer's listener: `id` is the listener's, `listen` the floating addresses it answers on.

    A relay of the same id replaces the one before; empty `allowed_cidrs` lets everybody in.
    """

    id: str
    listen: tuple[str, ...]
    port: int
    members: tuple[RelayMember, ...]
    allowed_cidrs: tuple[str, ...] = ()


class Node(Protocol):
    def attach(self, address: str) -> None:
        """A floating IP leads here from now on."""

    def detach(self, address: str) -> None: ...

    def stop(self) -> None: ...

    def start(self) -> None: ...

    def reboot(self) -> None: ...

    def pause(self) -> None: ...

    def unpause(self) -> None: ...

    def delete(self) -> None: ...

    def console(self) -> str: ...


class Fabric(Protocol):
    def boot(self, server: BootedServer) -> Node: ...

    def relay(self, relay: Relay) -> None: ...

    def unrelay(self, relay_id: str) -> None: ...

    def close(self) -> None:
        """End every node and relay: the cloud goes away."""


class SilentNode:
    """A server that runs and does nothing."""

    def __init__(self, name: str) -> None:
        self._lines = [f"{name} login: "]

    def attach(self, address: str) -> None: ...

    def detach(self, address: str) -> None: ...

    def stop(self) -> None: ...

    def start(self) -> None: ...

    def reboot(self) -> None: ...

    def pause(self) -> None: ...

    def unpause(self) -> None: ...

    def delete(self) -> None: ...

    def console(self) -> str:
        return "\n".join(self._lines)


class NullFabric:
    """Servers are records only."""

    def boot(self, server: BootedServer) -> Node:
        return SilentNode(server.name)

    def relay(self, relay: Relay) -> None: ...

    def unrelay(self, relay_id: str) -> None: ...

    def close(self) -> None: ...


__all__: Sequence[str] = (
    "BootedServer",
    "Fabric",
    "FixedAddress",
    "Node",
    "NullFabric",
    "Relay",
    "RelayMember",
    "SilentNode",
)
