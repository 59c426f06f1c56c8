"""A conversation between this process's terminal or pipes and a command that runs far away."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from magnumctl.coe.sessions import Session, TerminalSize

from .streams import write

CHUNK = 16_384
STDIN = 0


@dataclass(frozen=True)
class Inputs:
    """What is listened to beside the command: standard input, and a pipe that tells of a new size."""

    has_stdin: bool
    resizes: int | None = None

    @property
    def sources(self) -> list[int]:
        return [*([STDIN] if self.has_stdin else []), *([] if self.resizes is None else [self.resizes])]


def size() -> TerminalSize:
    """Of the terminal on standard input."""
    found = os.get_terminal_size(STDIN)
    return TerminalSize(found.columns, found.lines)


def has_terminal() -> bool:
    return sys.stdin.isatty()


def converse(session: Session, inputs: Inputs) -> int:
    """The command's exit code, once it has ended."""
    while session.exit_code is None:
        waited: list[Session | int] = [session, *inputs.sources]
        ready = [session] if session.has_more else select.select(waited, [], [])[0]
        if session in ready:
            for piece in session.receive():
                write(piece)
        if session.exit_code is None:
            inputs = _passed_on(session, inputs, ready)
    return session.exit_code


def _passed_on(session: Session, inputs: Inputs, ready: Sequence[Session | int]) -> Inputs:
    """Where more may come from."""
    if inputs.resizes is not None and inputs.resizes in ready:
        os.read(inputs.resizes, CHUNK)
        session.resize(size())
    if STDIN not in ready:
        return inputs
    typed = os.read(STDIN, CHUNK)
    if typed:
        session.send(typed)
        return inputs
    session.end_input()
    return replace(inputs, has_stdin=False)


@contextmanager
def raw() -> Iterator[Inputs]:
    """Every key goes to the command, Ctrl-C too. The terminal is as it was afterwards."""
    before = termios.tcgetattr(STDIN)
    with _resizes() as resizes:
        try:
            tty.setraw(STDIN)
            yield Inputs(has_stdin=True, resizes=resizes)
        finally:
            termios.tcsetattr(STDIN, termios.TCSADRAIN, before)


@contextmanager
def _resizes() -> Iterator[int]:
    """A pipe that has something in it once the terminal's size is another.

    The signal may come in the middle of a message: the handler must not send one itself.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    former = signal.signal(signal.SIGWINCH, lambda _number, _frame: _noted(writing))
    try:
        yield reading
    finally:
        signal.signal(signal.SIGWINCH, former)
        os.close(reading)
        os.close(writing)


def _noted(writing: int) -> None:
    with suppress(BlockingIOError):  # full: it says so already
        os.write(writing, b"\0")
