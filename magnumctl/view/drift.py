"""Drift as text: a line for each bay, then what differs."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from magnumctl.actions.drift_reports import BayDriftRow, DriftReport

from .plain import clean

SIGN = {"deleted": "[red]-[/]", "changed": "[yellow]~[/]", "stopped": "[yellow]~[/]", "added": "[magenta]+[/]"}


def print_drift(report: DriftReport, console: Console) -> None:
    for bay in report.bays:
        _print_bay(bay, console)
    if not (report.has_drift or report.has_failed):
        console.print("no drift")


def _print_bay(bay: BayDriftRow, console: Console) -> None:
    same = not (bay.resources or bay.workloads or bay.error)
    console.print(f"bay {escape(bay.name)}: {'as it was applied' if same else 'differs'}")
    for resource in bay.resources:
        node = f" (node {resource.node})" if resource.node else ""
        _print_line(SIGN[resource.change], f"{resource.address}{node} {resource.change}", resource.message, console)
    for workload in bay.workloads:
        subject = f"{workload.kind} {workload.name} {workload.change}"
        _print_line(SIGN[workload.change], subject, workload.message, console)
    for trouble in dict.fromkeys((bay.message, bay.error)):
        if trouble:
            console.print(f"    [red]{escape(clean(trouble))}[/]")


def _print_line(sign: str, subject: str, message: str, console: Console) -> None:
    said = f"  {clean(message)}" if message else ""
    console.print(f"    {sign} {escape(clean(subject) + said)}")
