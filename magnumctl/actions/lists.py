"""The lists of nodes, pods, services and containers: rows of `status`, of all bays or of those named."""

from __future__ import annotations

from .clients import Clients
from .reports import (
    ContainerListReport,
    NodeListReport,
    PodListReport,
    ServiceListReport,
    WorkloadStatusRow,
)
from .status import status


def node_list(clients: Clients, bays: tuple[str, ...]) -> NodeListReport:
    report = status(clients, bays)
    return NodeListReport(cloud=report.cloud, nodes=tuple(node for bay in report.bays for node in bay.nodes))


def pod_list(clients: Clients, bays: tuple[str, ...]) -> PodListReport:
    return PodListReport(cloud=clients.identity.cloud, pods=_of_kind("pod", clients, bays))


def service_list(clients: Clients, bays: tuple[str, ...]) -> ServiceListReport:
    return ServiceListReport(cloud=clients.identity.cloud, services=_of_kind("service", clients, bays))


def container_list(clients: Clients, bays: tuple[str, ...]) -> ContainerListReport:
    return ContainerListReport(cloud=clients.identity.cloud, containers=_of_kind("container", clients, bays))


def _of_kind(kind: str, clients: Clients, bays: tuple[str, ...]) -> tuple[WorkloadStatusRow, ...]:
    report = status(clients, bays)
    return tuple(row for bay in report.bays for row in bay.workloads if row.kind == kind)
