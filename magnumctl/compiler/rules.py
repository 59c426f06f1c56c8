"""What the bay's security group lets in beside the bay itself: its API, published ports, node ports."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from magnumctl.blueprint.model import Bay, Coe, Container, Service
from magnumctl.compiler.variables import ApiVariable, RuleVariable

PORTS: dict[Coe, int] = {"kubernetes": 6443, "docker": 2376}


@dataclass(frozen=True, order=True)
class OpenPort:
    """`purpose` is what the user calls the thing that listens there."""

    protocol: str
    port: int
    purpose: str


def api_of(bay: Bay, caller_cidr: str) -> ApiVariable:
    allowed = (caller_cidr,) if bay.api.allowed_cidrs is None else bay.api.allowed_cidrs
    cidrs = sorted({str(ipaddress.ip_network(cidr, strict=False)) for cidr in allowed})
    return ApiVariable(endpoint=bay.api.endpoint, port=PORTS[bay.coe], allowed_cidrs=tuple(cidrs))


def open_ports(services: Iterable[Service], containers: Iterable[Container]) -> tuple[OpenPort, ...]:
    return tuple(sorted({*_node_ports(services), *_published_ports(containers)}))


def rules_of(api: ApiVariable, ports: Sequence[OpenPort]) -> dict[str, RuleVariable]:
    """Keyed by what is open to whom, for Neutron refuses a second rule that says the same."""
    wanted = sorted({(port.protocol, port.port) for port in ports} - {("tcp", api.port)})
    return {
        f"{protocol}-{port}-from-{cidr}": RuleVariable(
            description=f"{protocol} {port} that the blueprint publishes",
            protocol=protocol,
            port_min=port,
            port_max=port,
            remote="cidr",
            remote_cidr=cidr,
        )
        for protocol, port in wanted
        for cidr in api.allowed_cidrs
    }


def rules_open_to_all(bay: Bay, api: ApiVariable, ports: Sequence[OpenPort]) -> tuple[str, ...]:
    """A sentence for each rule that lets the whole internet in."""
    everywhere = [cidr for cidr in api.allowed_cidrs if ipaddress.ip_network(cidr).prefixlen == 0]
    listening = (OpenPort("tcp", api.port, "the API"), *ports)
    return tuple(
        f"bay {bay.name}: {port.purpose} ({port.protocol} {port.port}) is open to {cidr}"
        for cidr in everywhere
        for port in listening
    )


def _node_ports(services: Iterable[Service]) -> Iterator[OpenPort]:
    for service in services:
        for port in service.ports:
            if service.type != "ClusterIP" and port.node_port is not None:
                yield OpenPort(port.protocol.lower(), port.node_port, f"service {service.name}")


def _published_ports(containers: Iterable[Container]) -> Iterator[OpenPort]:
    for container in containers:
        for port in container.ports:
            if port.host_port is not None and not ipaddress.ip_address(port.host_ip).is_loopback:
                yield OpenPort(port.protocol, port.host_port, f"container {container.name}")
