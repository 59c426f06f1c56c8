"""Reports as text. Each kind of report has one function that prints it."""

from __future__ import annotations

from functools import singledispatch

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from magnumctl.actions.baymodel_reports import BaymodelListReport, BaymodelReport
from magnumctl.actions.drift_reports import DriftReport
from magnumctl.actions.history_reports import ChangeReport
from magnumctl.actions.node_reports import ConsoleReport, NodeReport
from magnumctl.actions.reports import (
    BayListReport,
    ContainerListReport,
    DemoReport,
    DoctorReport,
    FilesReport,
    HistoryReport,
    NodeListReport,
    PlanReport,
    PodListReport,
    Report,
    ResultReport,
    ServiceListReport,
    StatusReport,
    ValidateReport,
    WorkloadStatusRow,
)
from magnumctl.actions.state_reports import RebuildReport, StateListReport, UnlockReport
from magnumctl.actions.workload_reports import ContainerReport, DeedReport, PodReport, ServiceReport
from magnumctl.errors import InvalidBlueprintError, MagnumctlError, Problem

from .baymodels import print_baymodel, print_baymodels
from .drift import print_drift
from .history import print_change
from .nodes import print_console, print_node
from .plain import clean
from .plan import print_plan
from .state import print_rebuilt, print_states, print_unlocked
from .status import print_status, spoken
from .workloads import print_container, print_deed, print_pod, print_service

UNBOUNDED = 10_000
"""Columns of what is no terminal: a script or a file wants each row on one line."""

STATE_STYLE = {"ok": "green", "warning": "yellow", "missing": "red", "succeeded": "green", "failed": "red"}


def output() -> Console:
    console = Console(highlight=False, soft_wrap=True)
    return console if console.is_terminal else Console(highlight=False, soft_wrap=True, width=UNBOUNDED)


def errors() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


@singledispatch
def print_report(report: Report, console: Console) -> None:
    """Print any report; each kind is registered below."""
    raise NotImplementedError(type(report).__name__)


@print_report.register
def _(report: PlanReport, console: Console) -> None:
    print_plan(report, console)


@print_report.register
def _(report: StatusReport, console: Console) -> None:
    print_status(report, console)


@print_report.register
def _(report: DriftReport, console: Console) -> None:
    print_drift(report, console)


@print_report.register
def _(report: NodeReport, console: Console) -> None:
    print_node(report, console)


@print_report.register
def _(report: ConsoleReport, console: Console) -> None:
    print_console(report, console)


@print_report.register
def _(report: BaymodelListReport, console: Console) -> None:
    print_baymodels(report, console)


@print_report.register
def _(report: BaymodelReport, console: Console) -> None:
    print_baymodel(report, console)


@print_report.register
def _(report: ChangeReport, console: Console) -> None:
    print_change(report, console)


@print_report.register
def _(report: StateListReport, console: Console) -> None:
    print_states(report, console)


@print_report.register
def _(report: RebuildReport, console: Console) -> None:
    print_rebuilt(report, console)


@print_report.register
def _(report: UnlockReport, console: Console) -> None:
    print_unlocked(report, console)


@print_report.register
def _(report: ResultReport, console: Console) -> None:
    for bay in report.bays:
        stages = spoken(bay.stages)
        console.print(
            f"[{STATE_STYLE.get(bay.status, 'yellow')}]{bay.status:<9}[/] {escape(bay.name)}  {bay.seconds:.1f} s"
            + (f"  ({stages})" if stages else "")
        )
        if bay.error:
            console.print(escape(_indented(clean(bay.error))), style="red")
            if bay.hint:
                console.print(f"  next: {escape(clean(bay.hint))}")
    summary = report.summary
    console.print(f"{summary.succeeded} succeeded, {summary.failed} failed, {summary.skipped} skipped")


@print_report.register
def _(report: BayListReport, console: Console) -> None:
    table = columns("NAME", "COE", "STATUS", "API", "PROJECT", "UUID")
    for bay in report.bays:
        table.add_row(bay.name, bay.coe, bay.status, bay.api_address or "-", bay.project_id, bay.uuid)
    console.print(table)


@print_report.register
def _(report: NodeListReport, console: Console) -> None:
    table = columns("NAME", "BAY", "GROUP", "ROLE", "STATUS", "ADDRESS", "MESSAGE")
    for node in report.nodes:
        table.add_row(node.name, node.bay, node.group, node.role, node.status, node.address, clean(node.message))
    console.print(table)


@print_report.register
def _(report: PodListReport, console: Console) -> None:
    _workloads(report.pods, console)


@print_report.register
def _(report: ServiceListReport, console: Console) -> None:
    _workloads(report.services, console)


@print_report.register
def _(report: ContainerListReport, console: Console) -> None:
    _workloads(report.containers, console)


def _workloads(rows: tuple[WorkloadStatusRow, ...], console: Console) -> None:
    table = columns("NAME", "BAY", "STATUS", "NODE", "IMAGE", "MESSAGE")
    for row in rows:
        table.add_row(row.name, row.bay, row.status, row.node or "-", row.image or "-", clean(row.message))
    console.print(table)


@print_report.register
def _(report: ValidateReport, console: Console) -> None:
    for warning in report.warnings:
        console.print(f"[yellow]warning[/]: {escape(clean(warning))}")
    if report.valid:
        console.print("[green]valid[/]")


@print_report.register
def _(report: HistoryReport, console: Console) -> None:
    table = columns("ID", "BAY", "KIND", "STATUS", "BEGUN", "ENDED", "WHO", "ERROR")
    for change in report.changes:
        error = clean(change.error or "").partition("\n")[0]
        table.add_row(
            str(change.id),
            change.bay,
            change.kind,
            change.status,
            change.begun_at,
            change.ended_at or "-",
            change.who,
            error,
        )
    console.print(table)


@print_report.register
def _(report: DoctorReport, console: Console) -> None:
    for check in report.checks:
        console.print(
            f"[{STATE_STYLE[check.state]}]{check.state:<8}[/] {check.name:<12} {escape(clean(check.message))}"
        )
        if check.hint:
            console.print(f"{'':21}next: {escape(check.hint)}")


@print_report.register
def _(report: FilesReport, console: Console) -> None:
    for file in report.files:
        console.print(f"wrote {escape(file)}")
    if report.message:
        console.print(f"next:\n{escape(_indented(report.message))}")


@print_report.register
def _(report: DemoReport, console: Console) -> None:
    for step in report.steps:
        console.print(f"{step.seconds:7.1f} s  {step.name}")
    console.print(f"{sum(step.seconds for step in report.steps):7.1f} s  altogether")
    if report.next_commands:
        console.print("It stands. Next:")
        console.print(escape(_indented("\n".join(report.next_commands))))
    else:
        left = ", ".join(report.left_behind) or "nothing"
        console.print(f"left behind: {escape(left)}")


@print_report.register
def _(report: PodReport, console: Console) -> None:
    print_pod(report, console)


@print_report.register
def _(report: ServiceReport, console: Console) -> None:
    print_service(report, console)


@print_report.register
def _(report: ContainerReport, console: Console) -> None:
    print_container(report, console)


@print_report.register
def _(report: DeedReport, console: Console) -> None:
    print_deed(report, console)


def columns(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def print_error(error: MagnumctlError) -> None:
    console = errors()
    console.print(f"[bold red]error[/]: {escape(clean(error.summary))}")
    if isinstance(error, InvalidBlueprintError):
        for problem in error.problems:
            console.print(escape(_problem(problem)))
    if error.detail:
        console.print(escape(_indented(clean(error.detail))))
    if error.hint:
        console.print(f"next: {escape(clean(error.hint))}")


def _problem(problem: Problem) -> str:
    said = f"{clean(problem.path)}: {clean(problem.message)}" if problem.path else clean(problem.message)
    lines = [f"{problem.file}:{problem.line}:{problem.column}: {said}"]
    if problem.excerpt:
        lines.append(_indented(clean(problem.excerpt)))
    if problem.hint:
        lines.append(f"  {clean(problem.hint)}")
    return "\n".join(lines)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
