"""One service: shown with what is really behind it and how a client reaches it, or deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from magnumctl.coe.details import Endpoint, ServiceDetail
from magnumctl.ledger import NodeRecord

from .clients import Clients
from .deeds import deed_report
from .named import Named, kubernetes_of
from .workload_reports import DeedReport, EndpointRow, ServicePortRow, ServiceReport, ServiceRow


def show_service(clients: Clients, service: Named) -> ServiceReport:
    detail = kubernetes_of(clients, service.record).services.show(service.name)
    reached = tuple(addresses(detail, clients.ledger.nodes(service.record.uuid), service.record.api_address))
    return ServiceReport(cloud=clients.identity.cloud, service=_row(service, detail, reached))


def delete_service(clients: Clients, service: Named) -> DeedReport:
    deed = kubernetes_of(clients, service.record).services.delete(service.name)
    return deed_report(clients, service, "delete", deed)


def addresses(detail: ServiceDetail, nodes: Sequence[NodeRecord], api_address: str) -> Iterator[str]:
    """From the outside first: a load balancer's, those of nodes (the one that the API has, too), then the bay's own."""
    for port in detail.ports:
        yield from (f"{_bracketed(address)}:{port.port}" for address in detail.outside)
    first = sorted(nodes, key=lambda node: node.address != api_address)
    for port in detail.ports:
        if port.node_port:
            yield from (f"{_bracketed(node.address)}:{port.node_port}" for node in first)
    yield from (f"{detail.status.name}.{detail.namespace}.svc:{port.port}" for port in detail.ports)


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _row(service: Named, detail: ServiceDetail, reached: tuple[str, ...]) -> ServiceRow:
    return ServiceRow(
        name=service.name,
        bay=service.record.name,
        namespace=detail.namespace,
        status=detail.status.state,
        message=detail.status.message,
        type=detail.type,
        cluster_ip=detail.cluster_ip,
        address=reached[0] if reached else "",
        addresses=reached,
        ports=tuple(ServicePortRow(**asdict(port)) for port in detail.ports),
        endpoints=tuple(_endpoint(each) for each in detail.endpoints),
    )


def _endpoint(endpoint: Endpoint) -> EndpointRow:
    return EndpointRow(
        address=endpoint.address,
        port=endpoint.port,
        ready=endpoint.is_ready,
        pod=endpoint.pod,
        node=endpoint.node,
    )
