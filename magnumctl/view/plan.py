"""A plan as text: one line a bay, then only what changes."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from magnumctl.actions.reports import BayPlanRow, NodeCounts, PlanReport

from .plain import clean

SIGN = {"create": "+", "update": "~", "replace": "±", "delete": "-", "none": "="}
STYLE = {"create": "green", "update": "yellow", "replace": "magenta", "delete": "red", "none": "dim"}


def print_plan(report: PlanReport, console: Console) -> None:
    for bay in report.bays:
        _print_bay(bay, console)
    for row in report.quota:
        if not row.fits:
            console.print(f"[red]quota[/]: {row.resource}: {row.needed} needed, {row.free} of {row.limit} free")
    for warning in report.warnings:
        console.print(f"[yellow]warning[/]: {escape(clean(warning))}")
    console.print(_closing(report))


def _print_bay(bay: BayPlanRow, console: Console) -> None:
    console.print(f"{_signed(bay.action)} bay {escape(bay.name)}{_nodes(bay.nodes)}")
    for change in bay.changes:
        reason = f"  ({clean(change.reason)})" if change.reason else ""
        console.print(f"    {_signed(change.action)} {escape(change.address + reason)}")
    for workload in bay.workloads:
        if workload.action != "none" or workload.reason:
            reason = f"  ({clean(workload.reason)})" if workload.reason else ""
            console.print(f"    {_signed(workload.action)} {workload.kind} {escape(workload.name + reason)}")
    for rule in bay.open_rules:
        console.print(f"    [yellow]open to the world[/]: {escape(clean(rule))}")


def _signed(action: str) -> str:
    return f"[{STYLE[action]}]{SIGN[action]}[/]"


def _nodes(counts: NodeCounts) -> str:
    said = [f"{count} to {action}" for action, count in counts.model_dump().items() if count]
    return f"  nodes: {', '.join(said)}" if said else ""


def _closing(report: PlanReport) -> str:
    if not report.has_changes and not report.failed:
        return "no changes"
    counts = report.summary.model_dump()
    said = [f"{count} to {action}" for action, count in counts.items() if count and action != "none"]
    failed = [f"{len(report.failed)} not planned"] if report.failed else []
    return f"bays: {', '.join((*said, *failed))}"
