"""What every command says, as values: the view prints them, `-o json` dumps them.

The keys are the contract with users' scripts: keys may be added, none is renamed or dropped.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from magnumctl.coe.contract import Action

FORMAT_VERSION = "1.0"
BayStatusWord = Literal["planned", "changing", "failed", "interrupted", "ready", "degraded", "unreachable", "destroyed"]


class Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class Report(Row):
    format_version: str = FORMAT_VERSION
    cloud: str | None = None


class ResourceRow(Row):
    address: str
    action: Action
    reason: str = ""


class NodeCounts(Row):
    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0


class WorkloadRow(Row):
    kind: str
    name: str
    action: Action
    reason: str = ""


class BayPlanRow(Row):
    """`open_rules` says which of the bay's rules admit the whole internet."""

    name: str
    action: Action
    changes: tuple[ResourceRow, ...] = ()
    nodes: NodeCounts = NodeCounts()
    workloads: tuple[WorkloadRow, ...] = ()
    open_rules: tuple[str, ...] = ()


class QuotaRow(Row):
    """-1 for a limit or rest that has no bound."""

    resource: str
    needed: int
    free: int
    limit: int

    @property
    def fits(self) -> bool:
        return self.limit < 0 or self.needed <= self.free


class PlanSummary(Row):
    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0
    none: int = 0


class PlanReport(Report):
    """`failed` names the bays that could not be planned."""

    bays: tuple[BayPlanRow, ...] = ()
    quota: tuple[QuotaRow, ...] = ()
    warnings: tuple[str, ...] = ()
    summary: PlanSummary = PlanSummary()
    failed: tuple[str, ...] = ()

    @property
    def has_changes(self) -> bool:
        return any(bay.action != "none" for bay in self.bays)


class StageRow(Row):
    name: str
    seconds: float


class BayResultRow(Row):
    """`error` is None for a bay that succeeded."""

    name: str
    status: Literal["succeeded", "failed", "skipped"]
    seconds: float
    error: str | None = None
    hint: str = ""
    stages: tuple[StageRow, ...] = ()


class ResultSummary(Row):
    succeeded: int = 0
    failed: int = 0
    skipped: int = 0


class ResultReport(Report):
    bays: tuple[BayResultRow, ...] = ()
    summary: ResultSummary = ResultSummary()


class NodeRow(Row):
    name: str
    bay: str
    group: str
    role: str
    status: str
    address: str
    message: str = ""


class WorkloadStatusRow(Row):
    kind: str
    name: str
    bay: str
    status: str
    message: str = ""
    node: str = ""
    image: str = ""


class BayRow(Row):
    name: str
    uuid: str
    coe: str
    status: BayStatusWord
    api_address: str
    project_id: str


class BayStatusRow(BayRow):
    """`stages` are those of the last change."""

    nodes: tuple[NodeRow, ...] = ()
    workloads: tuple[WorkloadStatusRow, ...] = ()
    message: str = ""
    stages: tuple[StageRow, ...] = ()


class StatusReport(Report):
    bays: tuple[BayStatusRow, ...] = ()


class BayListReport(Report):
    bays: tuple[BayRow, ...] = ()


class NodeListReport(Report):
    nodes: tuple[NodeRow, ...] = ()


class PodListReport(Report):
    pods: tuple[WorkloadStatusRow, ...] = ()


class ServiceListReport(Report):
    services: tuple[WorkloadStatusRow, ...] = ()


class ContainerListReport(Report):
    containers: tuple[WorkloadStatusRow, ...] = ()


class ProblemRow(Row):
    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""
    excerpt: str = ""


class ValidateReport(Report):
    valid: bool
    problems: tuple[ProblemRow, ...] = ()
    warnings: tuple[str, ...] = ()


class ChangeRow(Row):
    id: int
    bay: str
    kind: str
    status: str
    begun_at: str
    ended_at: str | None
    who: str
    error: str | None
    stages: tuple[StageRow, ...] = ()


class HistoryReport(Report):
    changes: tuple[ChangeRow, ...] = ()


class DoctorRow(Row):
    name: str
    state: Literal["ok", "warning", "missing"]
    message: str
    hint: str = ""


class DoctorReport(Report):
    checks: tuple[DoctorRow, ...] = ()

    @property
    def is_healthy(self) -> bool:
        return all(check.state != "missing" for check in self.checks)


class StepRow(Row):
    name: str
    seconds: float


class DemoReport(Report):
    steps: tuple[StepRow, ...] = ()
    left_behind: tuple[str, ...] = ()
    next_commands: tuple[str, ...] = ()


class FilesReport(Report):
    """Files a command has written, relative to where it was told to write."""

    files: tuple[str, ...] = ()
    message: str = ""
