"""Bays laid over their baymodels become the bays of the model; what cannot stand in one bay is told."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from . import model
from .composer import compose
from .document_bay import BayDocument, BayFields, BaymodelDocument, MergedBayDocument, NodeGroupDocument
from .expansion import Expanded
from .files import NamedFiles
from .manifest import Manifests
from .problems import Problems, UnreadableError, did_you_mean
from .tree import MappingNode, laid_over
from .wording import Reading, Subject

MERGED = frozenset({"api", "kubernetes", "labels"})
"""Keys whose mappings a bay overrides key by key; any other key it replaces."""
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


class Bays:
    """`bays` are the sound ones by name; `names` all that were written, sound or not."""

    def __init__(self, problems: Problems, reading: Reading, files: NamedFiles, manifests: Manifests) -> None:
        self._problems = problems
        self._reading = reading
        self._files = files
        self._manifests = manifests
        self._baymodels: dict[str, Subject | None] = {}
        self.bays: dict[str, model.Bay] = {}
        self.names: set[str] = set()
        self.warnings: list[str] = []

    def add_baymodel(self, expanded: Expanded) -> None:
        document = self._reading.read(BaymodelDocument, expanded.subject)
        self._baymodels[expanded.name] = expanded.subject if document else None

    def add(self, expanded: Expanded) -> None:
        self.names.add(expanded.name)
        merged = self._merged(expanded)
        if merged is None:
            return
        self._tell_all(merged)
        self.bays[merged.name] = self._resolved(merged)
        self.warnings += _warnings(merged)

    def _merged(self, expanded: Expanded) -> MergedBay | None:
        over = expanded.subject.node
        name = over.text_of("baymodel") if isinstance(over, MappingNode) else None
        if name and name not in self._baymodels:
            hint = did_you_mean(name, self._baymodels, "baymodels")
            self._tell(expanded.subject, ("baymodel",), f"there is no baymodel {name}", hint)
        document = self._reading.read(BayDocument, expanded.subject)
        base = self._baymodels.get(name) if name else None
        if document is None or base is None:
            return None
        if not isinstance(base.node, MappingNode) or not isinstance(over, MappingNode):
            return None
        subject = Subject(expanded.subject.path, expanded.subject.key, laid_over(base.node, over, MERGED))
        merged = self._reading.read(MergedBayDocument, subject)
        return MergedBay(expanded.name, subject, merged, expanded) if merged else None

    def _tell(self, subject: Subject, route: tuple[str, ...], message: str, hint: str = "") -> None:
        self._problems.add(subject.place_at(*route), message, hint, subject.path_to(*route))

    def _tell_all(self, bay: MergedBay) -> None:
        for wrong in (*_engine_mismatches(bay), *_network_mismatches(bay), *_node_mismatches(bay)):
            self._tell(bay.subject, wrong.route, wrong.message, wrong.hint)

    def _resolved(self, bay: MergedBay) -> model.Bay:
        document = bay.document
        return model.Bay(
            name=bay.name,
            baymodel=document.baymodel,
            coe=document.coe,
            external_network=document.external_network,
            dns_nameservers=document.dns_nameservers or (),
            keypair=document.keypair,
            network=_network(document),
            api=_api(document),
            kubernetes=self._kubernetes(bay) if document.coe == "kubernetes" else None,
            user_data=self._user_data(bay) if document.user_data else None,
            node_groups=tuple(_node_groups(document)),
            labels=document.labels,
            protect=bool(document.protect),
        )

    def _kubernetes(self, bay: MergedBay) -> model.Kubernetes:
        written = bay.document.kubernetes
        if written is None:
            return model.Kubernetes()
        settings = model.Kubernetes(
            version=written.version,
            pod_cidr=written.pod_cidr,
            service_cidr=written.service_cidr,
            install=written.install,
        )
        if written.cni == "flannel":
            return settings
        if written.cni == "none":
            return settings.model_copy(update={"cni": "none"})
        route = ("kubernetes", "cni")
        manifest = self._manifests.read(
            written.cni, bay.subject.place_at(*route), bay.subject.path_to(*route), bay.expanded.variables
        )
        return settings.model_copy(update={"cni": "manifest", "cni_manifest": manifest.text if manifest else ""})

    def _user_data(self, bay: MergedBay) -> str | None:
        name, path = str(bay.document.user_data), bay.subject.path_to("user_data")
        found = self._files.read(name, bay.subject.place_at("user_data"), path)
        if found is None:
            return None
        file, text = found
        if not text.startswith("#cloud-config"):
            message = f"{name} is no cloud-config: its first line must be #cloud-config"
            self._tell(bay.subject, ("user_data",), message)
            return None
        try:
            root = compose(file, text, self._problems)
        except UnreadableError as exc:
            self._problems.unreadable(exc)
            return None
        if not isinstance(root, MappingNode):
            self._tell(bay.subject, ("user_data",), f"{name} is no cloud-config: it must be a mapping")
        return text


@dataclass(frozen=True)
class Mismatch:
    route: tuple[str, ...]
    message: str
    hint: str = ""


def _network(document: BayFields) -> model.NewNetwork | model.ExistingNetwork:
    written = document.network
    if written and written.existing and written.subnet:
        return model.ExistingNetwork(existing=written.existing, subnet=written.subnet)
    return model.NewNetwork(cidr=(written.cidr if written else None) or DEFAULT_CIDR)


def _api(document: BayFields) -> model.Api:
    return (
        model.Api(endpoint=document.api.endpoint, allowed_cidrs=document.api.allowed_cidrs)
        if document.api
        else model.Api()
    )


def _boot_volume(*documents: BayFields | NodeGroupDocument) -> model.BootVolume | None:
    written = next((document.boot_volume for document in documents if document.boot_volume), None)
    return model.BootVolume(size=written.size, type=written.type) if written else None


def _node_groups(bay: MergedBayDocument) -> Iterator[model.NodeGroup]:
    if bay.coe == "kubernetes":
        yield model.NodeGroup(
            name=model.CONTROL_PLANE_GROUP,
            role="control_plane",
            flavor=bay.control_plane_flavor or bay.flavor,
            image=bay.image,
            node_names=tuple(f"{model.CONTROL_PLANE_GROUP}-{index}" for index in range(bay.control_plane)),
            labels=bay.labels,
            availability_zones=bay.availability_zones or (),
            boot_volume=_boot_volume(bay),
            policy=bay.policy or "soft-anti-affinity",
        )
    for name, group in bay.nodes.items():
        yield model.NodeGroup(
            name=name,
            role="worker",
            flavor=group.flavor or bay.flavor,
            image=group.image or bay.image,
            node_names=_node_names(name, group),
            labels={**bay.labels, **group.labels},
            availability_zones=group.availability_zones or bay.availability_zones or (),
            boot_volume=_boot_volume(group, bay),
            policy=group.policy or bay.policy or "soft-anti-affinity",
        )


def _node_names(name: str, group: NodeGroupDocument) -> tuple[str, ...]:
    """`count` names, those that `remove` lists passed over."""
    numbered = (f"{name}-{index}" for index in range(group.count + len(group.remove)))
    return tuple(node for node in numbered if node not in group.remove)[: group.count]


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
    network, nodes = _network(document), document.control_plane if document.coe == "kubernetes" else 0
    nodes += sum(group.count for group in document.nodes.values())
    if isinstance(network, model.NewNetwork):
        room = ipaddress.ip_network(network.cidr).num_addresses - RESERVED_ADDRESSES
        if nodes > room:
            message = f"{network.cidr} has room for {max(0, room)} nodes, {bay.name} has {nodes}"
            yield Mismatch(("network", "cidr"), message)


def _overlaps(bay: MergedBay) -> Iterator[Mismatch]:
    kubernetes = bay.document.kubernetes
    network = _network(bay.document)
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


def _warnings(bay: MergedBay) -> Iterator[str]:
    document, subject = bay.document, bay.subject
    endpoint = document.api.endpoint if document.api else "floating-ip"
    if document.coe == "kubernetes" and document.control_plane > 1 and endpoint == "floating-ip":
        place = subject.key_at("control_plane")
        yield (
            f"{place.file}:{place.line}: {bay.name} has {document.control_plane} control planes but its floating IP "
            "leads to the first one only; api: {endpoint: load-balancer} survives its loss"
        )
