"""Apply: a plan made true. `apply_bay` is the order of an apply."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from magnumctl.blueprint.model import Blueprint
from magnumctl.coe.contract import Pause
from magnumctl.errors import TerraformError
from magnumctl.ledger import Change, JournalEvent, NodeRecord, PushedRecord
from magnumctl.terraform import BayOutputs, Terraform, TerraformEvent

from .clients import Clients
from .events import BayEvent, Stage, Tell
from .plan import BayPlan, workspace_of
from .wishes import AnyEngine, open_engine

NODES_TIMEOUT = 900.0
WORKLOADS_TIMEOUT = 300.0
"""Seconds until a wait gives up and says what it waited for."""


@dataclass
class Stopwatch:
    """How long each stage of one bay took, in seconds, in order."""

    stages: dict[Stage, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            self.stages[name] = time.monotonic() - begun


def apply_bay(clients: Clients, terraform: Terraform, blueprint: Blueprint, planned: BayPlan, tell: Tell) -> Stopwatch:
    """Infrastructure, then nodes, then workloads, all within one change of the ledger."""
    watch = Stopwatch()
    with clients.ledger.change(planned.record, "apply", blueprint_text(blueprint)) as change:
        with watch.stage("infrastructure"):
            outputs = build(clients, terraform, planned, change, tell)
        engine = open_engine(
            planned.record, planned.secrets, outputs, clients.identity.caller.user_name, planned.wishes
        )
        with watch.stage("nodes"):
            report = _lines(planned, "nodes", tell)
            engine.wait_for_nodes(tuple(outputs.nodes), NODES_TIMEOUT, report, terraform.cancellation.pause)
        with watch.stage("workloads"):
            push(clients, engine, planned, tell, terraform.cancellation.pause)
    return watch


def apply_infrastructure(
    clients: Clients, terraform: Terraform, blueprint: Blueprint, planned: BayPlan, tell: Tell
) -> Stopwatch:
    """The first step of an apply alone: what the cloud holds; nobody waits for the nodes."""
    watch = Stopwatch()
    with clients.ledger.change(planned.record, "apply", blueprint_text(blueprint)) as change:
        with watch.stage("infrastructure"):
            build(clients, terraform, planned, change, tell)
    return watch


def build(clients: Clients, terraform: Terraform, planned: BayPlan, change: Change, tell: Tell) -> BayOutputs:
    terraform.apply(planned.infrastructure, journal_into(change, planned.bay.name, tell))
    return recorded_outputs(clients, terraform, planned)


def recorded_outputs(clients: Clients, terraform: Terraform, planned: BayPlan) -> BayOutputs:
    """The outputs of a bay that stands, its nodes and address written to the ledger."""
    outputs = terraform.outputs(workspace_of(planned.record))
    if outputs is None:
        raise TerraformError(f"bay {planned.bay.name}: the apply left no outputs", hint="magnumctl plan")
    nodes = tuple(
        NodeRecord(name=name, server_id=node.id, address=node.address, group=node.group, role=node.role)
        for name, node in outputs.nodes.items()
    )
    clients.ledger.record_nodes(planned.record.uuid, nodes)
    clients.ledger.record_bay(replace(planned.record, api_address=outputs.api_address))
    return outputs


def push(clients: Clients, engine: AnyEngine, planned: BayPlan, tell: Tell, pause: Pause) -> None:
    report = _lines(planned, "workloads", tell)
    pushed = engine.push(report)
    clients.ledger.record_workloads(
        planned.record.uuid,
        tuple(PushedRecord(row.kind, row.name, row.digest, row.reference) for row in pushed),
    )
    engine.wait_for_workloads(WORKLOADS_TIMEOUT, report, pause)


def journal_into(change: Change, bay: str, tell: Tell) -> Callable[[TerraformEvent], None]:
    """Each of Terraform's events goes to the ledger first, then to whoever watches."""

    def hear(event: TerraformEvent) -> None:
        if event.address:
            change.journal(JournalEvent(kind=event.kind, address=event.address, action=event.action, id=event.id))
        tell(BayEvent(bay, "infrastructure", event.message))

    return hear


def blueprint_text(blueprint: Blueprint) -> str:
    return "\n".join(f"# {path}\n{text}" for path, text in blueprint.text.items())


def _lines(planned: BayPlan, stage: Stage, tell: Tell) -> Callable[[str], None]:
    return lambda line: tell(BayEvent(planned.bay.name, stage, line))
