"""A blueprint as the rest of the house sees it: variables filled in, bays multiplied, baymodels merged, files read.

What the user may write (short forms, defaults by inheritance) is in `document`; `resolve` turns one into the other.
Everything here is frozen, and equal blueprints are equal values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Coe = Literal["kubernetes", "docker"]
Role = Literal["control_plane", "worker"]
Endpoint = Literal["floating-ip", "load-balancer", "private"]
Policy = Literal["soft-anti-affinity", "anti-affinity", "none"]
CONTROL_PLANE_GROUP = "control-plane"
"""The name of the node group that a Kubernetes bay's control plane nodes are in."""


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewNetwork(Value):
    cidr: str = "10.20.0.0/24"


class ExistingNetwork(Value):
    """A network the user has made: names or ids."""

    existing: str
    subnet: str


class Api(Value):
    """How a bay's API is reached. `allowed_cidrs` None means: the address this machine has towards the cloud."""

    endpoint: Endpoint = "floating-ip"
    allowed_cidrs: tuple[str, ...] | None = None


class Kubernetes(Value):
    """`cni` is "flannel", "none" or, for a file of the user's, its rendered text in `cni_manifest`."""

    version: str = "1.34"
    pod_cidr: str = "10.244.0.0/16"
    service_cidr: str = "10.96.0.0/12"
    install: Literal["image", "packages"] = "image"
    cni: Literal["flannel", "none", "manifest"] = "flannel"
    cni_manifest: str | None = None


class BootVolume(Value):
    """Size in GiB; type is a Cinder volume type, None for the cloud's default."""

    size: int
    type: str | None = None


class NodeGroup(Value):
    """`node_names` are the names within the bay, `workers-0`; the server is called `BAY-workers-0`."""

    name: str
    role: Role
    flavor: str
    image: str
    node_names: tuple[str, ...]
    labels: Mapping[str, str] = {}
    availability_zones: tuple[str, ...] = ()
    boot_volume: BootVolume | None = None
    policy: Policy = "soft-anti-affinity"


class Bay(Value):
    """`user_data` is the text of the user's own cloud-config, merged after ours."""

    name: str
    baymodel: str
    coe: Coe
    external_network: str | None
    dns_nameservers: tuple[str, ...] = ()
    keypair: str | None = None
    network: NewNetwork | ExistingNetwork = NewNetwork()
    api: Api = Api()
    kubernetes: Kubernetes | None = None
    user_data: str | None = None
    node_groups: tuple[NodeGroup, ...]
    labels: Mapping[str, str] = {}
    protect: bool = False

    @property
    def nodes(self) -> tuple[tuple[NodeGroup, str], ...]:
        """Every node with its group, control plane first, in the blueprint's order."""
        return tuple((group, name) for group in self.node_groups for name in group.node_names)

    @property
    def control_plane(self) -> tuple[str, ...]:
        return tuple(name for group, name in self.nodes if group.role == "control_plane")


class ContainerPort(Value):
    container_port: Annotated[int, Field(ge=1, le=65535)]
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"
    name: str | None = None


class PodContainer(Value):
    name: str
    image: str
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = {}
    ports: tuple[ContainerPort, ...] = ()


class Pod(Value):
    """With `replicas` a managed set (a Deployment), else a single Pod; with `manifest` neither: its rendered text."""

    name: str
    bay: str
    namespace: str = "default"
    labels: Mapping[str, str] = {}
    replicas: int | None = None
    containers: tuple[PodContainer, ...] = ()
    manifest: str | None = None


class ServicePort(Value):
    port: int
    target_port: int | str
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"
    name: str | None = None
    node_port: int | None = None


class Service(Value):
    name: str
    bay: str
    namespace: str = "default"
    labels: Mapping[str, str] = {}
    selector: Mapping[str, str]
    ports: tuple[ServicePort, ...]
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"


class PublishedPort(Value):
    """`host_ip` is an address of the node's, "0.0.0.0" for all; `host_port` None lets Docker choose."""

    container_port: int
    host_port: int | None
    host_ip: str = "0.0.0.0"  # noqa: S104 Docker's own default, closed by the bay's security group
    protocol: Literal["tcp", "udp", "sctp"] = "tcp"


class Container(Value):
    """`node` is a node name within the bay; None lets the push spread containers over the nodes."""

    name: str
    bay: str
    image: str
    command: tuple[str, ...] = ()
    env: Mapping[str, str] = {}
    ports: tuple[PublishedPort, ...] = ()
    restart: Literal["no", "always", "unless-stopped", "on-failure"] = "no"
    labels: Mapping[str, str] = {}
    node: str | None = None


class Blueprint(Value):
    """`text` holds every file as read, by path, for the history."""

    cloud: str | None = None
    baymodels: tuple[str, ...] = ()
    bays: tuple[Bay, ...] = ()
    pods: tuple[Pod, ...] = ()
    services: tuple[Service, ...] = ()
    containers: tuple[Container, ...] = ()
    warnings: tuple[str, ...] = ()
    text: Mapping[str, str] = {}

    def pods_of(self, bay: str) -> tuple[Pod, ...]:
        return tuple(pod for pod in self.pods if pod.bay == bay)

    def services_of(self, bay: str) -> tuple[Service, ...]:
        return tuple(service for service in self.services if service.bay == bay)

    def containers_of(self, bay: str) -> tuple[Container, ...]:
        return tuple(container for container in self.containers if container.bay == bay)
