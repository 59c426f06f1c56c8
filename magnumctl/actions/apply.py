"""Apply: a plan made true. `apply_bay` is the order of an apply."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from magnumctl.blueprint.model import Blueprint
from magnumctl.errors import TerraformError
from magnumctl.ledger import BayRecord, Change, JournalEvent, Ledger, NodeRecord, PushedRecord
from magnumctl.terraform import BayOutputs, TerraformEvent

from .clients import Run, cloud_of
from .events import BayEvent, Stage, Tell
from .faults import told_why_servers_failed
from .past import kept_text
from .plan import BayPlan, workspace_of
from .refusals import refuse
from .turnover import close_admission, turnover_of
from .wishes import AnyEngine, open_engine

NODES_TIMEOUT = 900.0
WORKLOADS_TIMEOUT = 300.0
"""Seconds until a wait gives up and says what it waited for."""


def unnoted(_name: str, _seconds: float) -> None:
    pass


@dataclass
class Stopwatch:
    """How long each stage of one bay took, in seconds, in order; `note` is told when one ends."""

    note: Callable[[str, float], None] = unnoted
    stages: dict[Stage, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            self.stages[name] = time.monotonic() - begun
            self.note(name, round(self.stages[name], 2))


def apply_bay(run: Run, blueprint: Blueprint, planned: BayPlan) -> Stopwatch:
    """Nodes that go are emptied, infrastructure, then nodes, then workloads: one change of the ledger."""
    refuse(planned)
    with run.clients.ledger.change(planned.record, "apply", kept_text(blueprint)) as change:
        watch = Stopwatch(change.stage)
        make_way(run, planned, watch)
        with watch.stage("infrastructure"):
            outputs = build(run, planned, change)
        engine = engine_of(run, planned, outputs)
        with watch.stage("nodes"):
            await_nodes(run, planned, engine, outputs)
            close_admission(run, planned, engine)
        with watch.stage("workloads"):
            push(run, planned, engine)
    return watch


def apply_infrastructure(run: Run, blueprint: Blueprint, planned: BayPlan) -> Stopwatch:
    """What the cloud holds, without the rest of an apply: nobody waits for new nodes."""
    refuse(planned)
    with run.clients.ledger.change(planned.record, "apply", kept_text(blueprint)) as change:
        watch = Stopwatch(change.stage)
        make_way(run, planned, watch)
        with watch.stage("infrastructure"):
            build(run, planned, change)
    return watch


def make_way(run: Run, planned: BayPlan, watch: Stopwatch) -> None:
    """In a bay that stands: new nodes will be let in, and those that go are emptied and taken out."""
    report = lines_of(planned.bay.name, "retire", run.tell)
    turnover = turnover_of(run, planned, report)
    turnover.admit(report)
    if turnover.leaving:
        with watch.stage("retire"):
            turnover.retire(run, report)


def build(run: Run, planned: BayPlan, change: Change) -> BayOutputs:
    """The outputs of the bay that stands then; its nodes and address are in the ledger.

    StalePlanError when the plan is not of this bay, or not of what its blueprint compiles to.
    """
    workspace = workspace_of(planned.record)
    run.terraform.require(planned.infrastructure, workspace, planned.compiled.variables.tfvars())
    with told_why_servers_failed(planned.bay.name, cloud_of(run.clients.identity).server_fault):
        run.terraform.apply(planned.infrastructure, journal_into(change, planned.bay.name, run.tell))
    outputs = run.terraform.outputs(workspace)
    if outputs is None:
        raise TerraformError(f"bay {planned.bay.name}: the apply left no outputs", hint="magnumctl plan")
    remember(run.clients.ledger, planned.record, outputs)
    return outputs


def remember(ledger: Ledger, record: BayRecord, outputs: BayOutputs) -> None:
    nodes = tuple(
        NodeRecord(name=name, server_id=node.id, address=node.address, group=node.group, role=node.role)
        for name, node in outputs.nodes.items()
    )
    ledger.record_nodes(record.uuid, nodes)
    ledger.record_bay(replace(record, api_address=outputs.api_address))


def engine_of(run: Run, planned: BayPlan, outputs: BayOutputs) -> AnyEngine:
    user = run.clients.identity.caller.user_name
    return open_engine(planned.record, planned.secrets, outputs, user, planned.wishes)


def await_nodes(run: Run, planned: BayPlan, engine: AnyEngine, outputs: BayOutputs) -> None:
    report = lines_of(planned.bay.name, "nodes", run.tell)
    report(f"waiting for {', '.join(outputs.nodes)}")
    engine.wait_for_nodes(tuple(outputs.nodes), NODES_TIMEOUT, report, run.terraform.cancellation.pause)


def push(run: Run, planned: BayPlan, engine: AnyEngine) -> None:
    report = lines_of(planned.bay.name, "workloads", run.tell)
    pushed = engine.push(report)
    run.clients.ledger.record_workloads(
        planned.record.uuid,
        tuple(PushedRecord(row.kind, row.name, row.digest, row.reference) for row in pushed),
    )
    started = [change.name for change in planned.workloads if change.action != "none"]
    run.clients.ledger.release(planned.record.uuid, started)
    engine.wait_for_workloads(WORKLOADS_TIMEOUT, report, run.terraform.cancellation.pause)


def journal_into(change: Change, bay: str, tell: Tell) -> Callable[[TerraformEvent], None]:
    """Each of Terraform's events goes to the ledger first, then to whoever watches."""

    def hear(event: TerraformEvent) -> None:
        if event.address:
            change.journal(JournalEvent(kind=event.kind, address=event.address, action=event.action, id=event.id))
        tell(BayEvent(bay, "infrastructure", event.message))

    return hear


def lines_of(bay: str, stage: Stage, tell: Tell) -> Callable[[str], None]:
    return lambda line: tell(BayEvent(bay, stage, line))
