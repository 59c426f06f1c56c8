"""What the commands about one pod, service or container have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from magnumctl.view.output import Format

from .completion import bays
from .confirm import confirm
from .options import settings

if TYPE_CHECKING:
    from magnumctl.actions.clients import Clients
    from magnumctl.actions.named import Named
    from magnumctl.actions.workload_reports import DeedReport
    from magnumctl.coe.contract import Kind
    from magnumctl.coe.logs import LogWish

OneBay = Annotated[
    str | None,
    typer.Option(
        "--bay", metavar="NAME", help="The bay it is in, where several have one of the name.", autocompletion=bays
    ),
]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on until it ends.")]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Only what is newer: 90s, 5m, 2h, 1d, or an ISO time.")
]
Tail = Annotated[int | None, typer.Option("--tail", min=0, metavar="LINES", help="Only the last lines.")]


def found(kind: Kind, name: str, bay: str | None, folder: Path, cloud: str | None) -> tuple[Clients, Named]:
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.named import named

    clients = open_recorded(settings(folder, cloud), [bay] if bay else [])
    return clients, named(clients, kind, name, bay)


def confirm_deletion(workload: Named, yes: bool) -> None:
    """With the warning that the next apply brings it back, where it does."""
    from magnumctl.actions.deeds import warnings_of

    for warning in warnings_of(workload):
        typer.echo(f"warning: {warning}", err=True)
    confirm(f"Delete {workload.kind} {workload.name} of bay {workload.record.name}?", yes)


def show_deed(report: DeedReport, output: Format) -> None:
    from magnumctl.view.formats import show

    show(report, output)


def log_wish(since: str | None, tail: int | None, *, follow: bool) -> LogWish:
    from datetime import UTC, datetime

    from magnumctl.coe.logs import LogWish

    from .since import seconds_since

    return LogWish(follow, seconds_since(since, datetime.now(UTC)) if since else None, tail)
