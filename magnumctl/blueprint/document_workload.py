"""What the user may write of pods, services and containers."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .problems import quoted
from .words import (
    Address,
    Document,
    Environment,
    ImageReference,
    LabelKey,
    Labels,
    LabelValue,
    Name,
    PortNumber,
    Words,
    chosen_from,
    lower,
    upper,
    wrong,
)

LAST_PORT = 65535
PORT_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?")
SHORT_PORT = re.compile(r"(?P<port>[0-9]+)(:(?P<target>[A-Za-z0-9-]+))?(/(?P<protocol>[A-Za-z]+))?")
PUBLISHED = re.compile(
    r"((?P<ip>[0-9.]+|\[[0-9A-Fa-f:.]+\]):(?=[0-9]*:))?((?P<host>[0-9]*):)?(?P<port>[0-9]+)(/(?P<protocol>[A-Za-z]+))?"
)
PortName = Annotated[Name, Field(max_length=15)]
Protocol = Annotated[Literal["TCP", "UDP", "SCTP"], chosen_from("TCP", "UDP", "SCTP"), BeforeValidator(upper)]
DockerProtocol = Annotated[Literal["tcp", "udp", "sctp"], chosen_from("tcp", "udp", "sctp"), BeforeValidator(lower)]


class ContainerPortDocument(Document):
    container_port: PortNumber
    """Port the container listens on."""
    protocol: Protocol = "TCP"
    """TCP, UDP or SCTP."""
    name: PortName | None = None
    """Name that a service's target_port may use."""


def _container_port(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = SHORT_PORT.fullmatch(value)
    if not found or found["target"]:
        raise wrong(f"{quoted(value)} is no port", "write 80, 53/udp or {container_port: 80, name: http}")
    return {"container_port": found["port"], **_protocol(found["protocol"])}


def _protocol(word: str | None) -> dict[str, str]:
    return {"protocol": word} if word else {}


ContainerPorts = tuple[
    Annotated[
        ContainerPortDocument,
        BeforeValidator(_container_port, json_schema_input_type=int | str | ContainerPortDocument),
    ],
    ...,
]


def _arguments(value: Any) -> Any:
    if isinstance(value, str):
        raise wrong("must be a list of words, not one text", '[sh, -c, "..."]')
    return value


Arguments = Annotated[tuple[str, ...], BeforeValidator(_arguments, json_schema_input_type=tuple[str, ...])]


class PodContainerDocument(Document):
    image: ImageReference
    """Container image."""
    command: Arguments = ()
    """Replaces the image's entrypoint."""
    args: Arguments = ()
    """Arguments of the command."""
    env: Environment
    """Environment variables."""
    ports: ContainerPorts = ()
    """Ports the container listens on: 80, 53/udp, or with a name."""


class PodDocument(Document):
    """Containers that run together on one node of a Kubernetes bay."""

    bay: Name
    """The bay, or the name of a multiplied one: then the pod goes to all of them."""
    image: ImageReference | None = None
    """Container image of a pod with one container."""
    command: Arguments = ()
    """Replaces the image's entrypoint."""
    args: Arguments = ()
    """Arguments of the command."""
    env: Environment
    """Environment variables."""
    ports: ContainerPorts = ()
    """Ports the container listens on: 80, 53/udp, or with a name."""
    containers: Annotated[dict[Name, PodContainerDocument], Field(min_length=1)] | None = None
    """Several containers by name; instead of image."""
    manifest: Words | None = None
    """File with a Kubernetes manifest, ./pod.yaml, rendered with the variables; instead of image and containers."""
    labels: Labels
    """Labels of the pod. Default: app, with the pod's name."""
    replicas: Annotated[int, Field(ge=0, le=10000)] | None = None
    """Makes the pod a managed set of this size."""
    namespace: Name = "default"
    """Kubernetes namespace."""

    @model_validator(mode="after")
    def _one_form(self) -> PodDocument:
        forms = [self.image is not None, self.containers is not None, self.manifest is not None]
        if sum(forms) != 1:
            raise wrong("a pod has either image, or containers, or manifest: exactly one of them")
        if self.image is None and (self.command or self.args or self.env or self.ports):
            raise wrong("command, args, env and ports belong to a container", "move them into containers")
        if self.manifest is not None and (self.labels or self.replicas is not None):
            raise wrong("a pod from a manifest takes labels and replicas from there")
        return self


class ServicePortDocument(Document):
    port: PortNumber
    """Port of the service."""
    target_port: str | None = None
    """Port of the pods, number or name. Default: port."""
    protocol: Protocol = "TCP"
    """TCP, UDP or SCTP."""
    name: PortName | None = None
    """Name of the port. Default with several ports: made from protocol and port."""
    node_port: Annotated[int, Field(ge=30000, le=32767)] | None = None
    """Port on every node, for the types NodePort and LoadBalancer."""

    @model_validator(mode="after")
    def _valid_target(self) -> ServicePortDocument:
        target = self.target_port
        if target is None or _is_target(target):
            return self
        raise wrong(f"target_port must be 1 to {LAST_PORT} or the name of a port, not {quoted(target)}")


def _is_target(word: str) -> bool:
    return 1 <= int(word) <= LAST_PORT if word.isdecimal() else PORT_NAME.fullmatch(word) is not None


def _service_port(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = SHORT_PORT.fullmatch(value)
    if not found:
        hint = "write 80, 80:8080, 53/udp or {port: 80, target_port: 8080}"
        raise wrong(f"{quoted(value)} is no port of a service", hint)
    target = {"target_port": found["target"]} if found["target"] else {}
    return {"port": found["port"], **target, **_protocol(found["protocol"])}


ServicePorts = Annotated[
    tuple[
        Annotated[
            ServicePortDocument,
            BeforeValidator(_service_port, json_schema_input_type=int | str | ServicePortDocument),
        ],
        ...,
    ],
    Field(min_length=1, max_length=250),
]
SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer")


class ServiceDocument(Document):
    """A mapping of ports to pods of a Kubernetes bay."""

    bay: Name | None = None
    """The bay. Default: the pod's."""
    pod: Name | None = None
    """Short for the bay and the labels of that pod."""
    selector: Annotated[dict[LabelKey, LabelValue], Field(min_length=1)] | None = None
    """Labels of the pods it sends to. Default: the pod's labels."""
    ports: ServicePorts
    """Ports: 80, 80:8080, 53/udp, or with names."""
    type: Annotated[Literal["ClusterIP", "NodePort", "LoadBalancer"], chosen_from(*SERVICE_TYPES)] = "ClusterIP"
    """Kind of service."""
    labels: Labels
    """Labels of the service itself."""
    namespace: Name | None = None
    """Kubernetes namespace. Default: the pod's, else default."""

    @model_validator(mode="after")
    def _has_pods(self) -> ServiceDocument:
        if self.pod is None and (self.bay is None or self.selector is None):
            raise wrong("a service needs pod, or both bay and selector", "pod: NAME")
        if self.type == "ClusterIP" and any(port.node_port for port in self.ports):
            raise wrong("node_port needs a service of type NodePort or LoadBalancer", "type: NodePort")
        return self


class PublishedPortDocument(Document):
    container_port: PortNumber
    """Port the container listens on."""
    host_port: PortNumber | None = None
    """Port of the node. Default: Docker chooses one."""
    host_ip: Address = "0.0.0.0"  # noqa: S104 Docker's own default, closed by the bay's security group
    """Address of the node. Default: all."""
    protocol: DockerProtocol = "tcp"
    """tcp, udp or sctp."""


def _published_port(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not (found := PUBLISHED.fullmatch(value)):
        raise wrong(f"{quoted(value)} publishes no port", 'write "8080:80", "127.0.0.1:8080:80" or "53:53/udp"')
    host = {"host_port": found["host"]} if found["host"] else {}
    address = {"host_ip": found["ip"].strip("[]")} if found["ip"] else {}
    return {"container_port": found["port"], **host, **address, **_protocol(found["protocol"])}


PublishedPorts = tuple[
    Annotated[
        PublishedPortDocument,
        BeforeValidator(_published_port, json_schema_input_type=int | str | PublishedPortDocument),
    ],
    ...,
]
RESTARTS = ("no", "always", "unless-stopped", "on-failure")


ContainerLabels = Annotated[dict[Annotated[str, Field(min_length=1)], str], Field(default_factory=dict)]


class ContainerDocument(Document):
    """A Docker container on a Docker bay."""

    bay: Name
    """The bay, or the name of a multiplied one: then the container goes to all of them."""
    image: ImageReference
    """Container image."""
    command: Arguments = ()
    """Replaces the image's command."""
    env: Environment
    """Environment variables."""
    ports: PublishedPorts = ()
    """Published ports: "8080:80", "127.0.0.1:8080:80", "53:53/udp", or 80 for a port that Docker chooses."""
    restart: Annotated[Literal["no", "always", "unless-stopped", "on-failure"], chosen_from(*RESTARTS)] = "no"
    """When Docker starts it again."""
    labels: ContainerLabels
    """Labels of the container."""
    node: Name | None = None
    """The node it runs on, workers-0. Default: spread over the bay's nodes."""
