"""Documents of pods and services as values of the model."""

from __future__ import annotations

from collections.abc import Iterable

from . import model
from .document_workload import ContainerDocument, PodContainerDocument, PodDocument, ServiceDocument


def pod_containers(name: str, document: PodDocument) -> Iterable[model.PodContainer]:
    if document.image is not None:
        yield model.PodContainer(
            name=name,
            image=document.image,
            command=document.command,
            args=document.args,
            env=document.env,
            ports=_container_ports(document),
        )
    for inner, container in (document.containers or {}).items():
        yield model.PodContainer(
            name=inner,
            image=container.image,
            command=container.command,
            args=container.args,
            env=container.env,
            ports=_container_ports(container),
        )


def _container_ports(document: PodDocument | PodContainerDocument) -> tuple[model.ContainerPort, ...]:
    return tuple(
        model.ContainerPort(container_port=port.container_port, protocol=port.protocol, name=port.name)
        for port in document.ports
    )


def service_ports(document: ServiceDocument) -> Iterable[model.ServicePort]:
    """Kubernetes wants names as soon as there are several ports."""
    several = len(document.ports) > 1
    for port in document.ports:
        target = port.target_port or str(port.port)
        yield model.ServicePort(
            port=port.port,
            target_port=int(target) if target.isdecimal() else target,
            protocol=port.protocol,
            name=port.name or (f"{port.protocol.lower()}-{port.port}" if several else None),
            node_port=port.node_port,
        )


def container_of(name: str, document: ContainerDocument) -> model.Container:
    ports = (
        model.PublishedPort(
            container_port=port.container_port,
            host_port=port.host_port,
            host_ip=port.host_ip,
            protocol=port.protocol,
        )
        for port in document.ports
    )
    return model.Container(
        name=name,
        bay=document.bay,
        image=document.image,
        command=document.command,
        env=document.env,
        ports=tuple(ports),
        restart=document.restart,
        labels=document.labels,
        node=document.node,
    )
