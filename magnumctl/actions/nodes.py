"""One node: what Nova and its engine say of it, side by side, and its console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from magnumctl.cloud import Server
from magnumctl.coe.node_detail import NodeDetail
from magnumctl.errors import CoeError, UsageError
from magnumctl.ledger import BayRecord, NodeRecord

from .clients import Clients, cloud_of
from .named import docker_of, kubernetes_of
from .node_reports import ConsoleReport, EngineRow, NodeDetailRow, NodeReport, ServerRow
from .status import standing

STAGE = "magnumctl: "
LABEL = "label."
"""How the metadata of a server's node labels begin."""
WHOLE_LOG = 20_000
"""Lines of a console that are asked for, so that the stages at its beginning are among them."""


@dataclass(frozen=True)
class NamedNode:
    record: BayRecord
    node: NodeRecord


def named_node(clients: Clients, name: str, bay: str | None) -> NamedNode:
    """By its name in the bay (`workers-0`) or its server's (`web-workers-0`); UsageError when it is not one node."""
    records = (clients.bay(bay),) if bay else standing(clients)
    nodes = [NamedNode(record, node) for record in records for node in clients.ledger.nodes(record.uuid)]
    found = [each for each in nodes if name in {each.node.name, f"{each.record.name}-{each.node.name}"}]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{len(found)} bays have a node {name}",
            detail="\n".join(f"node {name} of bay {each.record.name}" for each in found),
            hint=f"--bay {found[0].record.name}",
        )
    known = sorted({each.node.name for each in nodes})
    near = get_close_matches(name, known, n=1)
    said = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}"
    raise UsageError(f"there is no node {name}", detail=said, hint="magnumctl node list")


def node_show(clients: Clients, named: NamedNode) -> NodeReport:
    record, node = named.record, named.node
    cloud = cloud_of(clients.identity)
    servers = {server.id: server for server in cloud.servers()}
    server = servers.get(node.server_id)
    flavors = {flavor.id: flavor.name for flavor in cloud.flavors()}
    together = sharing(clients, named, servers)
    return NodeReport(
        cloud=clients.identity.cloud,
        node=NodeDetailRow(
            name=node.name,
            bay=record.name,
            group=node.group,
            role=node.role,
            address=node.address,
            server=server_row(server, flavors.get(server.flavor, server.flavor)) if server else None,
            engine=engine_row(clients, named),
            shares_host_with=tuple(each.name for each in together),
            placement=placement(node, together),
        ),
    )


def sharing(clients: Clients, named: NamedNode, servers: dict[str, Server]) -> list[NodeRecord]:
    """The bay's other nodes on the same host."""
    server = servers.get(named.node.server_id)
    others = (node for node in clients.ledger.nodes(named.record.uuid) if node.name != named.node.name)
    if server is None or not server.host_id:
        return []
    return [node for node in others if node.server_id in servers and servers[node.server_id].host_id == server.host_id]


def placement(node: NodeRecord, together: Sequence[NodeRecord]) -> str:
    """A host that fails takes all its control planes along; the policy of the group is only a wish."""
    same = [each.name for each in together if each.role == node.role == "control_plane"]
    if not same:
        return ""
    return f"shares its host with {', '.join(same)}: policy: anti-affinity of the node group keeps them apart"


def server_row(server: Server, flavor: str) -> ServerRow:
    return ServerRow(
        id=server.id,
        name=server.name,
        status=server.status,
        flavor=flavor,
        image=server.image,
        host_id=server.host_id,
        zone=server.zone,
        addresses=server.addresses,
        created_at=server.created_at,
        fault=server.fault,
        labels={name.removeprefix(LABEL): value for name, value in server.metadata.items() if name.startswith(LABEL)},
    )


def engine_row(clients: Clients, named: NamedNode) -> EngineRow:
    try:
        detail = detail_of(clients, named)
    except CoeError as error:
        return EngineRow(status="unreachable", message=error.summary)
    if detail is None:
        return EngineRow(status="missing", message="the bay does not know this node")
    return EngineRow(
        status=detail.state,
        message=detail.message,
        version=detail.version,
        runs=detail.runs,
        labels=dict(sorted(detail.labels.items())),
    )


def detail_of(clients: Clients, named: NamedNode) -> NodeDetail | None:
    if named.record.coe == "docker":
        return docker_of(clients, named.record).node(named.node.name)
    return kubernetes_of(clients, named.record).node(named.node.name)


def node_console(clients: Clients, named: NamedNode, most: int) -> ConsoleReport:
    log = cloud_of(clients.identity).console(named.node.server_id, WHOLE_LOG).splitlines()
    return ConsoleReport(
        cloud=clients.identity.cloud,
        bay=named.record.name,
        node=named.node.name,
        stages=tuple(line.partition(STAGE)[2] for line in log if STAGE in line),
        lines=tuple(log[-most:]) if most else (),
    )
