"""Raw streams to standard output and standard error, byte by byte as they came."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from magnumctl.coe.logs import Logs, Said, as_they_come, one_after_the_other, whole_lines
from magnumctl.coe.sessions import Piece


def write(piece: Piece) -> None:
    stream = sys.stderr.buffer if piece.stream == "stderr" else sys.stdout.buffer
    stream.write(piece.content)
    stream.flush()


def print_logs(logs: Logs, *, follow: bool) -> None:
    """Each line behind its source where there are several. A reader that has enough, as `head`, ends it quietly."""
    said = as_they_come(logs) if follow else one_after_the_other(logs)
    try:
        for each in _told_apart(said) if len(logs) > 1 else said:
            write(each.piece)
    except BrokenPipeError:
        # the interpreter would stumble over it again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told_apart(said: Iterator[Said]) -> Iterator[Said]:
    for each in whole_lines(said):
        prefix = f"[{each.source}] ".encode()
        yield Said(each.source, Piece(each.piece.stream, prefix + each.piece.content))
