"""The `state` commands as text."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from magnumctl.actions.state_reports import RebuildReport, StateListReport, UnlockReport

from .plain import clean


def print_states(report: StateListReport, console: Console) -> None:
    if not report.bays:
        console.print("no bays")
    for bay in report.bays:
        console.print(f"bay {escape(bay.name)}  workspace {escape(bay.workspace)}  {len(bay.resources)} resources")
        for address in bay.resources:
            console.print(f"    {escape(address)}")


def print_rebuilt(report: RebuildReport, console: Console) -> None:
    if not report.bays:
        console.print("there are no Terraform states here")
    for bay in report.bays:
        message = f": {clean(bay.message)}" if bay.message else ""
        console.print(f"{bay.status:<9} {escape((bay.name or bay.workspace) + message)}")


def print_unlocked(report: UnlockReport, console: Console) -> None:
    console.print(f"bay {escape(report.bay)}: {escape(report.message)}")
