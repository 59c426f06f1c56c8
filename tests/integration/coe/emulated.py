"""Bays of the sandbox's nodes, booted from the very user-data that a blueprint compiles to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from magnumctl.blueprint.model import Bay, Kubernetes, NodeGroup, Role
from magnumctl.coe.contract import ClientTls, NodeAddress
from magnumctl.compiler import BayIdentity, compile_bay
from magnumctl.pki import client_certificate, new_secrets
from magnumctl.sandbox.fabric import BootedServer, FixedAddress
from magnumctl.sandbox.nodes import EmulatedFabric
from tests.components.dockerd import Engines


@contextmanager
def emulated_engines(addresses: Sequence[str]) -> Iterator[Engines]:
    """One emulated Docker node at each of these loopback addresses."""
    nodes = tuple(NodeAddress(f"workers-{number}", address) for number, address in enumerate(addresses))
    bay = Bay(
        name="edge",
        baymodel="docker",
        coe="docker",
        external_network="public",
        node_groups=(group("workers", "worker", len(nodes)),),
    )
    with booted(bay, addresses) as tls:
        yield Engines(nodes, tls)


@contextmanager
def emulated_cluster(address: str) -> Iterator[ClientTls]:
    """The bay `web` with a control plane node, reached at this loopback address, and a worker."""
    groups = group("control-plane", "control_plane", 1), group("workers", "worker", 1)
    bay = Bay(
        name="web",
        baymodel="kubernetes",
        coe="kubernetes",
        external_network="public",
        kubernetes=Kubernetes(),
        node_groups=groups,
    )
    with booted(bay, (address,)) as tls:
        yield tls


def group(name: str, role: Role, count: int) -> NodeGroup:
    names = tuple(f"{name}-{number}" for number in range(count))
    return NodeGroup(name=name, role=role, flavor="m1.small", image="debian-12", node_names=names)


@contextmanager
def booted(bay: Bay, addresses: Sequence[str]) -> Iterator[ClientTls]:
    """The first nodes get these floating addresses, the API is at the first one's."""
    names = [name for _, name in bay.nodes]
    secrets = new_secrets(bay.coe, names)
    compiled = compile_bay(bay, BayIdentity(str(uuid.uuid4()), "demo", "127.0.0.1/32"), secrets, (), ())
    fabric = EmulatedFabric()
    try:
        for number, name in enumerate(names):
            floating = tuple(addresses[number : number + 1])
            text = compiled.user_data[name].replace("@@API_ADDRESS@@", addresses[0])
            fabric.boot(server(f"{bay.name}-{name}", text, floating, f"10.20.0.{10 + number}"))
        made = client_certificate(secrets, "tester", timedelta(hours=1))
        yield ClientTls(made.ca, made.certificate, made.key)
    finally:
        fabric.close()


def server(name: str, user_data: str, floating: tuple[str, ...], fixed: str) -> BootedServer:
    filled = user_data.replace("@@NODE_ADDRESS@@", (*floating, fixed)[0]).replace("@@FIXED_ADDRESS@@", fixed)
    return BootedServer(
        id=str(uuid.uuid4()),
        name=name,
        image_name="debian-12",
        project_id="demo",
        user_data=filled.encode(),
        fixed_addresses=(FixedAddress("network", fixed),),
        floating_addresses=floating,
    )
