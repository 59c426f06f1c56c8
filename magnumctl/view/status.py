"""Status as text: a line for each bay, then its nodes and workloads."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from magnumctl.actions.reports import BayStatusRow, StageRow, StatusReport

from .plain import clean

STYLE = {
    "ready": "green",
    "degraded": "yellow",
    "waiting": "yellow",
    "stopped": "yellow",
    "changing": "yellow",
    "planned": "dim",
}


def print_status(report: StatusReport, console: Console) -> None:
    if not report.bays:
        console.print("no bays")
    for bay in report.bays:
        _print_bay(bay, console)


def _print_bay(bay: BayStatusRow, console: Console) -> None:
    address = f"  {bay.api_address}" if bay.api_address else ""
    console.print(f"{_word(bay.status)} bay {escape(bay.name)}  {bay.coe}{address}")
    if bay.message:
        console.print(f"    {escape(clean(bay.message))}")
    if bay.stages:
        console.print(f"    [dim]last change: {spoken(bay.stages)}[/]")
    for node in bay.nodes:
        said = f"  {clean(node.message)}" if node.message else ""
        console.print(f"    {_word(node.status)} node {escape(f'{node.name}  {node.address}{said}')}")
    for workload in bay.workloads:
        where = f"  on {workload.node}" if workload.node else ""
        said = f"  {clean(workload.message)}" if workload.message else ""
        console.print(f"    {_word(workload.status)} {workload.kind} {escape(f'{workload.name}{where}{said}')}")


def spoken(stages: Iterable[StageRow]) -> str:
    return ", ".join(f"{stage.name} {stage.seconds:.1f} s" for stage in stages)


def _word(word: str) -> str:
    return f"[{STYLE.get(word, 'red')}]{word}[/]"
