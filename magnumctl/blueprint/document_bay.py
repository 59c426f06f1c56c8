"""What the user may write of baymodels and bays."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from .model import Coe, Endpoint, Policy
from .words import (
    Address,
    Cidr,
    Document,
    KubernetesVersion,
    Labels,
    Name,
    Words,
    chosen_from,
    wrong,
)

MOST_NODES = 1000
CoeWord = Annotated[Coe, chosen_from("kubernetes", "docker")]
PolicyWord = Annotated[Policy, chosen_from("soft-anti-affinity", "anti-affinity", "none")]


class NetworkDocument(Document):
    cidr: Cidr | None = None
    """Addresses of a network made for the bay. Default 10.20.0.0/24."""
    existing: Words | None = None
    """A network that exists, by name or id; instead of cidr, together with subnet."""
    subnet: Words | None = None
    """The subnet of the existing network, by name or id."""

    @model_validator(mode="after")
    def _one_kind(self) -> NetworkDocument:
        if self.cidr and (self.existing or self.subnet):
            raise wrong("a network is either new (cidr) or existing (existing and subnet), not both")
        if bool(self.existing) != bool(self.subnet):
            raise wrong("an existing network needs both existing and subnet")
        return self


class ApiDocument(Document):
    endpoint: Annotated[Endpoint, chosen_from("floating-ip", "load-balancer", "private")] = "floating-ip"
    """How clients reach the bay's API."""
    allowed_cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1)] | None = None
    """Who may reach the API. Default: the address this machine has towards the cloud."""


class KubernetesDocument(Document):
    version: KubernetesVersion = "1.34"
    """Version of Kubernetes, as in the image or as packages of it are to be installed."""
    pod_cidr: Cidr = "10.244.0.0/16"
    """Addresses of pods."""
    service_cidr: Cidr = "10.96.0.0/12"
    """Addresses of services."""
    install: Annotated[Literal["image", "packages"], chosen_from("image", "packages")] = "image"
    """image: kubeadm, kubelet and the container images are in the image. packages: nodes install them at boot."""
    cni: Words = "flannel"
    """Pod network: flannel, none, or the file of a manifest of yours, ./my-cni.yaml."""

    @model_validator(mode="after")
    def _known_cni(self) -> KubernetesDocument:
        if self.cni not in {"flannel", "none"} and "/" not in self.cni:
            raise wrong(f'cni must be flannel, none or a file, not "{self.cni}"', f"for a file write ./{self.cni}")
        return self


class BootVolumeDocument(Document):
    size: Annotated[int, Field(ge=1, le=16384)]
    """GiB."""
    type: Words | None = None
    """Cinder volume type. Default: the cloud's."""


class NodeGroupDocument(Document):
    count: Annotated[int, Field(ge=0, le=MOST_NODES)] = 1
    """How many nodes."""
    flavor: Words | None = None
    """Flavor of these nodes. Default: the bay's."""
    image: Words | None = None
    """Image of these nodes. Default: the bay's."""
    labels: Labels
    """Labels of the nodes, added to the bay's."""
    availability_zones: tuple[Words, ...] | None = None
    """Nova's zones, taken in turn. Default: the bay's."""
    boot_volume: BootVolumeDocument | None = None
    """Boot from a Cinder volume. Default: the bay's."""
    policy: PolicyWord | None = None
    """How the nodes are spread over hosts. Default: the bay's."""
    remove: Annotated[tuple[Name, ...], Field(max_length=MOST_NODES)] = ()
    """Names of nodes that this group leaves out, workers-1, so that the others keep theirs."""


class BayFields(Document):
    """What a baymodel says and a bay may override."""

    coe: CoeWord | None = None
    """Container orchestration engine."""
    image: Words | None = None
    """Image of the nodes, name or id."""
    flavor: Words | None = None
    """Flavor of the nodes, name or id."""
    control_plane_flavor: Words | None = None
    """Flavor of control plane nodes. Default: flavor."""
    external_network: Words | None = None
    """Network that floating IPs and the router's way out come from, name or id."""
    dns_nameservers: tuple[Address, ...] | None = None
    """Name servers of the bay's own subnet. Default: the cloud's."""
    keypair: Words | None = None
    """Nova keypair put on the nodes. Nothing of ours needs it."""
    network: NetworkDocument | None = None
    """The nodes' network: a new one by cidr, or an existing one."""
    api: ApiDocument | None = None
    """How the bay's API is reached, and by whom."""
    kubernetes: KubernetesDocument | None = None
    """Settings of a Kubernetes bay."""
    boot_volume: BootVolumeDocument | None = None
    """Boot nodes from a Cinder volume. Default: the flavor's disk."""
    user_data: Words | None = None
    """File with a cloud-config of yours, ./extra.yaml, merged after ours."""
    availability_zones: tuple[Words, ...] | None = None
    """Nova's zones, taken in turn. Default: Nova chooses."""
    policy: PolicyWord | None = None
    """How nodes of a group are spread over hosts. Default: soft-anti-affinity."""
    labels: Labels
    """Labels of the bay's nodes."""
    protect: bool | None = None
    """Refuse to destroy the bay."""


class BaymodelDocument(BayFields):
    """A reusable template for bays."""

    coe: CoeWord
    """Container orchestration engine."""
    image: Words
    """Image of the nodes, name or id."""
    flavor: Words
    """Flavor of the nodes, name or id."""


def _groups(value: Any) -> Any:
    """`2` is short for `{workers: {count: 2}}`, `{workers: 2}` too."""
    if isinstance(value, str):
        return {"workers": {"count": value}}
    if isinstance(value, dict) and value:
        return {name: {"count": group} if isinstance(group, str) else group for name, group in value.items()}
    raise wrong("must be a number of nodes, or node groups by name", "nodes: 2")


def _one_worker() -> dict[str, NodeGroupDocument]:
    return {"workers": NodeGroupDocument.model_validate({})}


def _odd(value: int) -> int:
    if value in {1, 3, 5}:
        return value
    raise wrong(f"must be 1, 3 or 5, not {value}: etcd needs a majority", "control_plane: 3")


NodeGroups = Annotated[
    dict[Name, NodeGroupDocument],
    BeforeValidator(_groups, json_schema_input_type=int | dict[Name, int | NodeGroupDocument]),
    Field(default_factory=_one_worker),
]
Multiples = Annotated[tuple[Name, ...], Field(min_length=1, max_length=1000)]


class BayDocument(BayFields):
    """A collection of nodes where work is scheduled. Any field of its baymodel may be overridden."""

    baymodel: Name
    """The baymodel it is made from."""
    control_plane: Annotated[int, AfterValidator(_odd), Field(json_schema_extra={"enum": [1, 3, 5]})] = 1
    """Number of control plane nodes of a Kubernetes bay: 1, 3 or 5."""
    nodes: NodeGroups
    """Number of workers, or node groups by name. Default: one worker."""
    for_each: Multiples | None = None
    """Makes one bay of each word, NAME-WORD, with {{ each }} in its strings."""


class MergedBayDocument(BaymodelDocument, BayDocument):
    """A bay laid over its baymodel."""
