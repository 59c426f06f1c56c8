"""A command that runs inside a container while its client listens: the same for both engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Stream = Literal["stdout", "stderr"]


@dataclass(frozen=True)
class Piece:
    """What came out, as it came: bytes, cut anywhere."""

    stream: Stream
    content: bytes


@dataclass(frozen=True)
class TerminalSize:
    columns: int
    rows: int


@dataclass(frozen=True)
class ExecWish:
    """`container` is of a pod with several; `terminal` is the size of the caller's, None for pipes."""

    command: tuple[str, ...]
    has_input: bool
    terminal: TerminalSize | None = None
    container: str | None = None


class Session(Protocol):
    """One conversation with a command. It can be waited for with select; nothing of it is for several threads.

    Every method raises CoeUnreachableError when the connection breaks.
    """

    @property
    def exit_code(self) -> int | None:
        """None while the command runs."""

    @property
    def has_more(self) -> bool:
        """Something has come already that select cannot see."""

    def fileno(self) -> int: ...

    def receive(self) -> tuple[Piece, ...]:
        """What has come, perhaps nothing. For when select says that there is something."""

    def send(self, content: bytes) -> None: ...

    def end_input(self) -> None: ...

    def resize(self, size: TerminalSize) -> None: ...

    def close(self) -> None: ...
