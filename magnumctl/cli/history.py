from __future__ import annotations

from typing import Annotated

import typer

from magnumctl.view.output import Format

from .options import HERE, Folder, Output, settings


def register(app: typer.Typer) -> None:
    app.command("history", epilog="Example: magnumctl history --bay web")(history)


def history(
    bay: Annotated[str | None, typer.Option("--bay", metavar="NAME", help="Only this bay.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, newest first.")] = 50,
    folder: Folder = HERE,
    output: Output = Format.text,
) -> None:
    """Show every change: who, when, what, how it ended."""
    from magnumctl.actions.clients import open_ledger
    from magnumctl.actions.history import history as history_of
    from magnumctl.view.formats import show

    show(history_of(open_ledger(settings(folder, None)), bay, limit), output)
