"""Bays of the sandbox's nodes, booted from the very user-data that a blueprint compiles to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from magnumctl.blueprint.model import Bay, NodeGroup
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
    names = [node.name for node in nodes]
    group = NodeGroup(
        name="workers", role="worker", flavor="m1.small", image="debian-12-docker", node_names=tuple(names)
    )
    bay = Bay(name="edge", baymodel="docker", coe="docker", external_network="public", node_groups=(group,))
    secrets = new_secrets("docker", names)
    compiled = compile_bay(bay, BayIdentity(str(uuid.uuid4()), "demo", "127.0.0.1/32"), secrets, (), ())
    fabric = EmulatedFabric()
    try:
        for number, node in enumerate(nodes):
            fabric.boot(
                server(f"edge-{node.name}", compiled.user_data[node.name], node.address, f"10.20.0.{10 + number}")
            )
        made = client_certificate(secrets, "tester", timedelta(hours=1))
        yield Engines(nodes, ClientTls(made.ca, made.certificate, made.key))
    finally:
        fabric.close()


def server(name: str, user_data: str, address: str, fixed: str) -> BootedServer:
    filled = user_data.replace("@@NODE_ADDRESS@@", address).replace("@@FIXED_ADDRESS@@", fixed)
    return BootedServer(
        id=str(uuid.uuid4()),
        name=name,
        image_name="debian-12",
        project_id="demo",
        user_data=filled.replace("@@API_ADDRESS@@", address).encode(),
        fixed_addresses=(FixedAddress("network", fixed),),
        floating_addresses=(address,),
    )
