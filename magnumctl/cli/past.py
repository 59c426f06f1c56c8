"""A blueprint of the command line, or of the history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import blueprint

if TYPE_CHECKING:
    from magnumctl.actions.clients import Settings
    from magnumctl.blueprint.model import Blueprint

FromHistory = Annotated[
    int | None,
    typer.Option("--from-history", metavar="N", help="The way back: the blueprint and the bay of that change."),
]


def wished(
    given: Settings,
    paths: list[Path] | None,
    variables: list[str] | None,
    files: list[Path] | None,
    number: int | None,
) -> tuple[Blueprint, list[str]]:
    """With the bays that are meant unless `--bay` says otherwise; all for none."""
    if number is None:
        return blueprint(paths, given.folder, variables, files), []
    from magnumctl.actions.clients import open_ledger
    from magnumctl.actions.past import blueprint_of
    from magnumctl.errors import UsageError

    if paths or variables or files:
        raise UsageError("--from-history has a blueprint already", hint=f"magnumctl history show {number}")
    ledger = open_ledger(given)
    change = ledger.numbered_change(number)
    return blueprint_of(ledger, change), [change.bay]
