from __future__ import annotations

from typing import Annotated

import typer

from magnumctl.view.output import Format

from .options import HERE, Folder, Output, settings

app = typer.Typer(
    name="history",
    help="Show every change: who, when, what, how it ended.",
    epilog="Example: magnumctl history --bay web",
    invoke_without_command=True,
)


@app.callback()
def history(
    context: typer.Context,
    bay: Annotated[str | None, typer.Option("--bay", metavar="NAME", help="Only this bay.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, newest first.")] = 50,
    folder: Folder = HERE,
    output: Output = Format.text,
) -> None:
    """Show every change: who, when, what, how it ended."""
    if context.invoked_subcommand:
        return
    from magnumctl.actions.clients import open_ledger
    from magnumctl.actions.history import history as history_of
    from magnumctl.view.formats import show as show_report

    show_report(history_of(open_ledger(settings(folder, None)), bay, limit), output)


@app.command(epilog="Example: magnumctl history show 3")
def show(
    number: Annotated[int, typer.Argument(metavar="N", help="Its id in `magnumctl history`.")],
    folder: Folder = HERE,
    output: Output = Format.text,
) -> None:
    """Show one change: what it set out to do, what was done, and the blueprint as it was."""
    from magnumctl.actions.clients import open_ledger
    from magnumctl.actions.history import change_show
    from magnumctl.view.formats import show as show_report

    show_report(change_show(open_ledger(settings(folder, None)), number), output)
