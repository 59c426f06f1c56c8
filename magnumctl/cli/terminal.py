"""A conversation between this process's terminal or pipes and a command that runs far away."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from magnumctl.coe.sessions import Session, TerminalSize

from .streams import write

CHUNK = 16_384
STDIN = 0


def size() -> TerminalSize:
    """Of the terminal on standard input."""
    found = os.get_terminal_size(STDIN)
    return TerminalSize(found.columns, found.lines)


def has_terminal() -> bool:
    return sys.stdin.isatty()


def converse(session: Session, *, has_input: bool) -> int:
    """The command's exit code, once it has ended."""
    sources = [STDIN] if has_input else []
    while session.exit_code is None:
        waited: list[Session | int] = [session, *sources]
        ready = [session] if session.has_more else select.select(waited, [], [])[0]
        if session in ready:
            for piece in session.receive():
                write(piece)
        if STDIN in ready and session.exit_code is None:
            sources = _pass_on(session)
    return session.exit_code


def _pass_on(session: Session) -> list[int]:
    """Where more may come from."""
    typed = os.read(STDIN, CHUNK)
    if typed:
        session.send(typed)
        return [STDIN]
    session.end_input()
    return []


@contextmanager
def raw(session: Session) -> Iterator[None]:
    """Every key goes to the command, Ctrl-C too, and it is told of a new size. The terminal is as it was afterwards."""
    before = termios.tcgetattr(STDIN)
    former = signal.signal(signal.SIGWINCH, lambda _number, _frame: session.resize(size()))
    try:
        tty.setraw(STDIN)
        yield
    finally:
        termios.tcsetattr(STDIN, termios.TCSADRAIN, before)
        signal.signal(signal.SIGWINCH, former)
