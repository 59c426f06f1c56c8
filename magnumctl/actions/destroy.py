"""Destroy is a plan too: Terraform's destroy plan of a recorded bay, shown, confirmed, applied."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace

from magnumctl.blueprint.model import Blueprint
from magnumctl.compiler import destroy_variables
from magnumctl.errors import BayNotFoundError
from magnumctl.ledger import BayRecord
from magnumctl.terraform import Plan

from .apply import Stopwatch, journal_into
from .clients import Clients, Run
from .credentials import docker_folder
from .events import BayEvent
from .plan import told_who_is_at_it, workspace_of
from .refusals import protected
from .reports import BayPlanRow, PlanReport, PlanSummary, WorkloadRow
from .summary import node_counts, resource_rows


@dataclass(frozen=True)
class DestroyPlan:
    record: BayRecord
    infrastructure: Plan
    workloads: tuple[WorkloadRow, ...]


def bays_to_destroy(clients: Clients, blueprint: Blueprint | None, names: Sequence[str]) -> tuple[BayRecord, ...]:
    """The recorded bays: those named, else those of the blueprint that the ledger knows.

    One that the blueprint protects is protected, whether or not that was applied.
    """
    protected = {bay.name for bay in blueprint.bays if bay.protect} if blueprint else set()
    found = [clients.bay(name) for name in names] if names else _recorded(clients, blueprint) if blueprint else []
    return tuple(replace(record, protect=record.protect or record.name in protected) for record in found)


def _recorded(clients: Clients, blueprint: Blueprint) -> list[BayRecord]:
    found = []
    for bay in blueprint.bays:
        try:
            found.append(clients.bay(bay.name))
        except BayNotFoundError:
            continue
    return found


def plan_destroy(run: Run, record: BayRecord) -> DestroyPlan:
    """Needs no blueprint: the state says what there is. RefusedPlanError for a protected bay."""
    if record.protect:
        raise protected(record, "it cannot be destroyed")
    run.tell(BayEvent(record.name, "plan", "planning"))
    with told_who_is_at_it(run.clients, record):
        infrastructure = run.terraform.plan_destroy(
            workspace_of(record),
            destroy_variables(record.name, record.uuid).tfvars(),
        )
    workloads = tuple(
        WorkloadRow(kind=row.kind, name=row.name, action="delete") for row in run.clients.ledger.workloads(record.uuid)
    )
    return DestroyPlan(record, infrastructure, workloads)


def destroy_bay(run: Run, planned: DestroyPlan) -> Stopwatch:
    record = planned.record
    with run.clients.ledger.change(record, "destroy", "") as change:
        watch = Stopwatch(change.stage)
        with watch.stage("infrastructure"):
            run.terraform.apply(planned.infrastructure, journal_into(change, record.name, run.tell))
    run.terraform.forget(workspace_of(record))
    run.clients.ledger.forget_bay(record.uuid)
    shutil.rmtree(docker_folder(run.clients, record), ignore_errors=True)
    return watch


def destroy_report(cloud: str, plans: Sequence[DestroyPlan], warnings: Sequence[str]) -> PlanReport:
    rows = tuple(
        BayPlanRow(
            name=plan.record.name,
            action="delete",
            changes=resource_rows(plan.infrastructure.changes),
            nodes=node_counts(plan.infrastructure.changes),
            workloads=plan.workloads,
        )
        for plan in plans
    )
    return PlanReport(cloud=cloud, bays=rows, warnings=tuple(warnings), summary=PlanSummary(delete=len(rows)))
