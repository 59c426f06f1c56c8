"""Status: what the recorded bays are and how they are, asked of the bays themselves, side by side."""

from __future__ import annotations

from magnumctl.coe.contract import NodeStatus, WorkloadStatus
from magnumctl.errors import CoeError, MagnumctlError
from magnumctl.ledger import BayRecord, NodeRecord
from magnumctl.terraform import BayOutputs, Cancellation, NodeOutput

from .clients import Clients
from .history import stages_of
from .plan import secrets_of
from .reports import (
    BayListReport,
    BayRow,
    BayStatusRow,
    BayStatusWord,
    NodeRow,
    StatusReport,
    WorkloadStatusRow,
)
from .side_by_side import side_by_side
from .wishes import AnyEngine, Wishes, open_engine

STATUS_OF_CHANGE: dict[str, BayStatusWord] = {
    "begun": "changing",
    "failed": "failed",
    "interrupted": "interrupted",
    "succeeded": "ready",
}


def status(clients: Clients, names: tuple[str, ...]) -> StatusReport:
    records = tuple(clients.bay(name) for name in names) if names else standing(clients)
    outcomes = side_by_side(records, clients.settings.jobs, lambda record: bay_status(clients, record), Cancellation())
    return StatusReport(
        cloud=clients.identity.cloud,
        bays=tuple(outcome.result or _failed(outcome.item, outcome.error) for outcome in outcomes),
    )


def bay_list(clients: Clients) -> BayListReport:
    """Without the nodes and workloads, and so without asking the bays: the status is that of the last change."""
    return BayListReport(
        cloud=clients.identity.cloud,
        bays=tuple(bay_row(record, last_change(clients, record)) for record in standing(clients)),
    )


def standing(clients: Clients) -> tuple[BayRecord, ...]:
    """The bays on which something was ever begun; a bay that was only planned is not there yet."""
    return tuple(record for record in clients.bays() if last_change(clients, record) != "planned")


def last_change(clients: Clients, record: BayRecord) -> BayStatusWord:
    last = clients.ledger.changes(bay_uuid=record.uuid, limit=1)
    return STATUS_OF_CHANGE[last[0].status] if last else "planned"


def bay_row(record: BayRecord, word: BayStatusWord) -> BayRow:
    return BayRow(
        name=record.name,
        uuid=record.uuid,
        coe=record.coe,
        status=word,
        api_address=record.api_address,
        project_id=record.project_id,
    )


def recorded_engine(clients: Clients, record: BayRecord) -> AnyEngine:
    """The engine of a recorded bay, from the ledger alone: no Terraform is started."""
    secrets = secrets_of(clients, record)
    if secrets is None:
        raise CoeError(f"the ledger holds no secrets of bay {record.name}", hint="magnumctl state rebuild")
    outputs = recorded_outputs(clients, record)
    wishes = Wishes(held=clients.ledger.held(record.uuid))
    return open_engine(record, secrets, outputs, clients.identity.caller.user_name, wishes)


def recorded_outputs(clients: Clients, record: BayRecord) -> BayOutputs:
    nodes = {row.name: _output(row) for row in clients.ledger.nodes(record.uuid)}
    return BayOutputs(api_address=record.api_address, nodes=nodes)


def _output(row: NodeRecord) -> NodeOutput:
    return NodeOutput(
        id=row.server_id, name=row.name, group=row.group, role=row.role, address=row.address, fixed_ip=row.address
    )


def bay_status(clients: Clients, record: BayRecord) -> BayStatusRow:
    last = clients.ledger.changes(bay_uuid=record.uuid, limit=1)
    stages = stages_of(clients.ledger, last[0].id) if last else ()
    return _bay_status(clients, record).model_copy(update={"stages": stages})


def _bay_status(clients: Clients, record: BayRecord) -> BayStatusRow:
    rows = clients.ledger.nodes(record.uuid)
    word = last_change(clients, record)
    if not rows:
        return _with(record, word, message="no node of it is known yet")
    try:
        engine = recorded_engine(clients, record)
        nodes, workloads = engine.nodes(), engine.workloads()
    except CoeError as error:
        return _with(record, "unreachable" if word == "ready" else word, message=error.summary)
    if word == "ready" and any(node.state != "ready" for node in nodes):
        word = "degraded"
    return _with(
        record,
        word,
        nodes=node_rows(record, rows, nodes),
        workloads=tuple(workload_row(record, workload) for workload in workloads),
    )


def _with(
    record: BayRecord,
    word: BayStatusWord,
    *,
    nodes: tuple[NodeRow, ...] = (),
    workloads: tuple[WorkloadStatusRow, ...] = (),
    message: str = "",
) -> BayStatusRow:
    return BayStatusRow(**bay_row(record, word).model_dump(), nodes=nodes, workloads=workloads, message=message)


def _failed(record: BayRecord, error: MagnumctlError | None) -> BayStatusRow:
    return _with(record, "unreachable", message=error.summary if error else "")


def node_rows(record: BayRecord, recorded: tuple[NodeRecord, ...], seen: tuple[NodeStatus, ...]) -> tuple[NodeRow, ...]:
    by_name = {node.name: node for node in seen}
    return tuple(_node_row(record, row, by_name.get(row.name)) for row in recorded)


def _node_row(record: BayRecord, row: NodeRecord, seen: NodeStatus | None) -> NodeRow:
    return NodeRow(
        name=row.name,
        bay=record.name,
        group=row.group,
        role=row.role,
        status=seen.state if seen else "missing",
        address=row.address,
        message=seen.message if seen else "the bay does not know this node",
    )


def workload_row(record: BayRecord, workload: WorkloadStatus) -> WorkloadStatusRow:
    return WorkloadStatusRow(
        kind=workload.kind,
        name=workload.name,
        bay=record.name,
        status=workload.state,
        message=workload.message,
        node=workload.node,
        image=workload.image,
    )
