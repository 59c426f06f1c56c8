"""Docker's framing of stdout and stderr in one stream: a byte for which, three of nothing, four for the length."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from magnumctl.coe.sessions import Piece

HEAD = struct.Struct(">BxxxL")
STDERR = 2


class Frames:
    """Takes the stream in pieces cut anywhere."""

    def __init__(self) -> None:
        self._rest = b""

    def pieces(self, content: bytes) -> Iterator[Piece]:
        self._rest += content
        while len(self._rest) >= HEAD.size:
            which, length = HEAD.unpack_from(self._rest)
            end = HEAD.size + length
            if len(self._rest) < end:
                return
            piece, self._rest = self._rest[HEAD.size : end], self._rest[end:]
            yield Piece("stderr" if which == STDERR else "stdout", piece)


class Plain:
    """A terminal's stream, which has no frames."""

    def pieces(self, content: bytes) -> Iterator[Piece]:
        if content:
            yield Piece("stdout", content)
