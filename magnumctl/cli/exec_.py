"""`exec`, of pods and of containers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Annotated

import typer

from magnumctl.coe.sessions import ExecWish, Session
from magnumctl.errors import UsageError

from .terminal import Inputs, converse, has_terminal, raw, size

Command = Annotated[list[str], typer.Argument(metavar="-- COMMAND...", help="The command and its own words.")]
Interactive = Annotated[bool, typer.Option("--interactive", "-i", help="Pass on standard input.")]
Terminal = Annotated[bool, typer.Option("--tty", "-t", help="Give the command a terminal: this one.")]


def run(begin: Callable[[ExecWish], Session], wish: ExecWish) -> int:
    """The command's exit code."""
    with closing(begin(wish)) as session:
        if wish.terminal and wish.has_input:
            with raw() as inputs:
                return converse(session, inputs)
        return converse(session, Inputs(has_stdin=wish.has_input))


def wished(command: list[str], container: str | None, *, interactive: bool, terminal: bool) -> ExecWish:
    """UsageError when a terminal is asked for and there is none."""
    if terminal and not has_terminal():
        raise UsageError("there is no terminal to give to the command", hint="leave out -t")
    return ExecWish(tuple(command), interactive, size() if terminal else None, container)
