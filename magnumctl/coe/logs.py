"""Logs of workloads, as both engines give them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from magnumctl.errors import MagnumctlError

from .sessions import Piece


@dataclass(frozen=True)
class LogWish:
    """`since_seconds` and `tail` (lines) None: from the beginning. `previous` is the run before the last restart."""

    follow: bool = False
    since_seconds: float | None = None
    tail: int | None = None
    container: str | None = None
    previous: bool = False


Logs = Mapping[str, Iterator[Piece]]
"""By source: a pod, or `POD/CONTAINER` where it has several. Reading one may raise any CoeError."""


@dataclass(frozen=True)
class Said:
    source: str
    piece: Piece


def one_after_the_other(logs: Logs) -> Iterator[Said]:
    for source, pieces in logs.items():
        yield from (Said(source, piece) for piece in pieces)


def as_they_come(logs: Logs) -> Iterator[Said]:
    """Until all have ended; the first error of any is raised."""
    heard: queue.SimpleQueue[Said | MagnumctlError | None] = queue.SimpleQueue()
    for source, pieces in logs.items():
        # daemons: an interrupted command does not wait for logs that never end
        threading.Thread(target=_listen, args=(source, pieces, heard), daemon=True).start()
    for _ in logs:
        while (said := heard.get()) is not None:
            if isinstance(said, MagnumctlError):
                raise said
            yield said


def _listen(source: str, pieces: Iterator[Piece], heard: queue.SimpleQueue[Said | MagnumctlError | None]) -> None:
    try:
        for piece in pieces:
            heard.put(Said(source, piece))
    except MagnumctlError as error:
        heard.put(error)
    heard.put(None)


def whole_lines(said: Iterator[Said]) -> Iterator[Said]:
    """Cut so that lines of several sources do not run into each other."""
    rests: dict[tuple[str, str], bytes] = {}
    for each in said:
        key = (each.source, each.piece.stream)
        lines = (rests.pop(key, b"") + each.piece.content).splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            rests[key] = lines.pop()
        yield from (Said(each.source, Piece(each.piece.stream, line)) for line in lines)
    for (source, stream), rest in rests.items():
        yield Said(source, Piece("stderr" if stream == "stderr" else "stdout", rest + b"\n"))
