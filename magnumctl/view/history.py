"""One change of the history as text."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from magnumctl.actions.history_reports import ChangeReport

from .plain import clean
from .plan import SIGN, STYLE


def print_change(report: ChangeReport, console: Console) -> None:
    change = report.change
    console.print(f"change {change.id}: {change.kind} of bay {escape(change.bay)}, {change.status}")
    console.print(f"  by {escape(change.who)}, {change.begun_at} to {change.ended_at or 'now'}")
    if change.error:
        console.print(f"  [red]{escape(clean(change.error))}[/]")
    for row in report.plan:
        console.print(f"  [{STYLE[row.action]}]{SIGN[row.action]}[/] {escape(row.address)}")
    if report.journal:
        console.print("journal:")
    for event in report.journal:
        said = f"{event.at}  {event.kind:<9} {event.action:<7} {event.address}  {event.id or ''}"
        console.print(escape(clean(f"  {said}".rstrip())))
    for file in report.blueprint:
        console.print(f"blueprint {escape(file.path)}:")
        console.print(escape(clean("\n".join(f"  {line}" for line in file.text.splitlines()))))
