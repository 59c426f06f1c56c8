"""The question before a change."""

from __future__ import annotations

import sys

import typer

from magnumctl.errors import UsageError


def confirm(question: str, yes: bool) -> None:
    """Returns on yes; UsageError without a terminal; typer.Exit(1) on no. The question goes to standard error."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on", hint="say --yes to go ahead without a question")
    if not typer.confirm(question, err=True):
        typer.echo("nothing was changed", err=True)
        raise typer.Exit(1)
