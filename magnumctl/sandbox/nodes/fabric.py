"""The emulated nodes of a sandbox cloud and the load balancers before them."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence

from magnumctl.sandbox.fabric import BootedServer, Relay, RelayMember
from magnumctl.sandbox.nodes.clock import Clock
from magnumctl.sandbox.nodes.cloud_config import CloudConfig, UserDataError, read_user_data
from magnumctl.sandbox.nodes.console import Console
from magnumctl.sandbox.nodes.docker.node import DockerNode
from magnumctl.sandbox.nodes.kubernetes.bays import Bays
from magnumctl.sandbox.nodes.kubernetes.node import KubernetesNode
from magnumctl.sandbox.nodes.listener import Endpoint, Listeners, Service
from magnumctl.sandbox.nodes.node import EmulatedNode
from magnumctl.sandbox.nodes.role import Plain, Role


class EmulatedFabric:
    """Acts on user-data within this process: TLS endpoints at 127.x addresses, no containers, no privileges."""

    def __init__(self) -> None:
        self._clock = Clock()
        self._listeners = Listeners()
        self._bays = Bays()
        self._nodes: dict[tuple[str, str], EmulatedNode] = {}
        self._relays: dict[str, Relay] = {}
        self._lock = threading.RLock()

    def boot(self, server: BootedServer) -> EmulatedNode:
        console = Console(server.name)
        node = EmulatedNode(self._role(server, console), console, self._clock, self._listeners)
        places = [(fixed.network_id, fixed.address) for fixed in server.fixed_addresses]
        with self._lock:
            self._nodes.update(dict.fromkeys(places, node))
        node.when_deleted(lambda: self._forget(places, node))
        node.start()
        for address in (*server.floating_addresses, *(_local(server.fixed_ips))):
            node.attach(address)
        return node

    def _role(self, server: BootedServer, console: Console) -> Role:
        try:
            config = read_user_data(server.user_data)
        except UserDataError as exc:
            console.say(f"cloud-init[312]: {exc}")
            config = CloudConfig()
        if DockerNode.recognises(config):
            return DockerNode(server.name, config, self._clock, console)
        if KubernetesNode.recognises(config):
            return KubernetesNode(server, config, self._bays, self._clock, console)
        return Plain()

    def _forget(self, places: Sequence[tuple[str, str]], node: EmulatedNode) -> None:
        with self._lock:
            for place in places:
                if self._nodes.get(place) is node:
                    del self._nodes[place]

    def relay(self, relay: Relay) -> None:
        """Raises OSError when a floating address of it cannot be listened on."""
        self.unrelay(relay.id)
        turns = itertools.count()
        endpoints = [
            Endpoint(address, relay.port, lambda: self._member(relay.members, next(turns)), relay.allowed_cidrs)
            for address in relay.listen
        ]
        for endpoint in endpoints:
            self._listeners.open(endpoint)
        self._relays[relay.id] = relay

    def unrelay(self, relay_id: str) -> None:
        relay = self._relays.pop(relay_id, None)
        for address in relay.listen if relay else ():
            self._listeners.close(address, relay.port if relay else 0)

    def _member(self, members: Sequence[RelayMember], turn: int) -> Service | None:
        """The next one that answers: a member that refuses is passed over."""
        for step in range(len(members)):
            member = members[(turn + step) % len(members)]
            node = self._nodes.get((member.network_id, member.address))
            service = node.service() if node else None
            if service is not None:
                return service
        return None

    def close(self) -> None:
        for node in set(self._nodes.values()):
            node.delete()
        self._listeners.close_all()
        self._clock.close()


def _local(addresses: Sequence[str]) -> Sequence[str]:
    return [address for address in addresses if address.startswith("127.")]
