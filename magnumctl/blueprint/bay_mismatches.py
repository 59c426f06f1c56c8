"""What cannot stand in one bay, though each key by itself is right."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from . import model
from .document_bay import BayFields, MergedBayDocument
from .expansion import Expanded
from .tree import MappingNode
from .wording import Subject

LONGEST_NAME = 63
RESERVED_ADDRESSES = 5
"""Network, gateway, DHCP, load balancer and broadcast."""
DEFAULT_CIDR = model.NewNetwork().cidr


@dataclass(frozen=True)
class MergedBay:
    name: str
    subject: Subject
    document: MergedBayDocument
    expanded: Expanded


@dataclass(frozen=True)
class Mismatch:
    route: tuple[str, ...]
    message: str
    hint: str = ""


def mismatches(bay: MergedBay) -> Iterator[Mismatch]:
    yield from _engine_mismatches(bay)
    yield from _network_mismatches(bay)
    yield from _node_mismatches(bay)


def network_of(document: BayFields) -> model.NewNetwork | model.ExistingNetwork:
    written = document.network
    if written and written.existing and written.subnet:
        return model.ExistingNetwork(existing=written.existing, subnet=written.subnet)
    return model.NewNetwork(cidr=(written.cidr if written else None) or DEFAULT_CIDR)


def _engine_mismatches(bay: MergedBay) -> Iterator[Mismatch]:
    document = bay.document
    if document.coe == "kubernetes":
        return
    written: Mapping[str, object] = {
        "control_plane": "control_plane" in document.model_fields_set,
        "control_plane_flavor": document.control_plane_flavor,
        "kubernetes": document.kubernetes,
    }
    for key, value in written.items():
        if value:
            yield Mismatch((key,), f"{key} belongs to a Kubernetes bay, {bay.name} is a Docker bay")
    if document.api and document.api.endpoint == "load-balancer":
        message = "a Docker bay has no load balancer: each of its nodes is reached by itself"
        yield Mismatch(("api", "endpoint"), message, "floating-ip or private")


def _network_mismatches(bay: MergedBay) -> Iterator[Mismatch]:
    document = bay.document
    endpoint = document.api.endpoint if document.api else "floating-ip"
    if endpoint != "private" and not document.external_network:
        message = f"{bay.name} needs external_network: its endpoint is {endpoint}"
        yield Mismatch((), message, "external_network: public, or api: {endpoint: private}")
    if document.coe == "kubernetes":
        yield from _overlaps(bay)
    network, nodes = network_of(document), document.control_plane if document.coe == "kubernetes" else 0
    nodes += sum(group.count for group in document.nodes.values())
    if isinstance(network, model.NewNetwork):
        room = ipaddress.ip_network(network.cidr).num_addresses - RESERVED_ADDRESSES
        if nodes > room:
            message = f"{network.cidr} has room for {max(0, room)} nodes, {bay.name} has {nodes}"
            yield Mismatch(("network", "cidr"), message)


def _overlaps(bay: MergedBay) -> Iterator[Mismatch]:
    kubernetes = bay.document.kubernetes
    network = network_of(bay.document)
    written = {
        ("network", "cidr"): network.cidr if isinstance(network, model.NewNetwork) else None,
        ("kubernetes", "pod_cidr"): (kubernetes or model.Kubernetes()).pod_cidr,
        ("kubernetes", "service_cidr"): (kubernetes or model.Kubernetes()).service_cidr,
    }
    networks = {route: ipaddress.ip_network(cidr) for route, cidr in written.items() if cidr}
    for (one, left), (other, right) in combinations(networks.items(), 2):
        if left.version == right.version and left.overlaps(right):
            message = f"{other[-1]} {right} overlaps {'.'.join(one)} {left}"
            yield Mismatch(_written_of(bay, other, one), message, "give them addresses apart")


def _written_of(bay: MergedBay, *routes: tuple[str, ...]) -> tuple[str, ...]:
    """The first route that the blueprint spells out; a default has no place of its own."""
    for route in routes:
        node: object = bay.subject.node
        for step in route:
            node = node.pairs[step].value if isinstance(node, MappingNode) and step in node.pairs else None
        if node is not None:
            return route
    return ()


def _node_mismatches(bay: MergedBay) -> Iterator[Mismatch]:
    document = bay.document
    if document.coe == "docker" and not any(group.count for group in document.nodes.values()):
        yield Mismatch(("nodes",), f"the Docker bay {bay.name} has no node", "nodes: 1")
    for name, group in document.nodes.items():
        if name == model.CONTROL_PLANE_GROUP:
            message = f"the name {name} is kept for the control plane"
            yield Mismatch(("nodes", name), message, "control_plane: 3")
        if len(f"{bay.name}-{name}-{group.count + len(group.remove)}") > LONGEST_NAME:
            message = f"server names {bay.name}-{name}-N become longer than {LONGEST_NAME} characters"
            yield Mismatch(("nodes", name), message, "shorten the bay's or the group's name")
        for node in group.remove:
            number = node.removeprefix(f"{name}-")
            if not number.isdecimal() or node == number:
                message = f"{node} is no node of the group {name}"
                yield Mismatch(("nodes", name, "remove"), message, f"{name}-0, {name}-1, ...")


def warnings_of(bay: MergedBay) -> Iterator[str]:
    document, subject = bay.document, bay.subject
    endpoint = document.api.endpoint if document.api else "floating-ip"
    if document.coe == "kubernetes" and document.control_plane > 1 and endpoint == "floating-ip":
        place = subject.key_at("control_plane")
        yield (
            f"{place.file}:{place.line}: {bay.name} has {document.control_plane} control planes but its floating IP "
            "leads to the first one only; api: {endpoint: load-balancer} survives its loss"
        )
