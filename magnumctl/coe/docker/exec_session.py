"""A command in a container of one node: Docker's exec over a connection that has left HTTP."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from magnumctl.coe.sessions import ExecWish, Piece, TerminalSize

from .duplex import Duplex
from .frames import Frames, Plain
from .refusal import Refused
from .wire import reaching

if TYPE_CHECKING:
    from .engine import Engine

HEAD_END = b"\r\n\r\n"
END_SECONDS = 5.0
"""The connection ends a moment before the engine knows the exit code."""


class ExecSession:
    """Implements Session."""

    def __init__(self, engine: Engine, container_id: str, wish: ExecWish) -> None:
        self.exit_code: int | None = None
        self._engine = engine
        self._id = engine.new_exec(container_id, wish)
        self._frames = Plain() if wish.terminal else Frames()
        with reaching(engine.bay, engine.node):
            self._duplex = Duplex(engine.node.address, engine.port, engine.files)
            self._early = started(self._duplex, self._id, wish)
        if wish.terminal:
            self.resize(wish.terminal)

    @property
    def has_more(self) -> bool:
        return bool(self._early) or (self._duplex.has_ended and self.exit_code is None)

    def fileno(self) -> int:
        return self._duplex.fileno()

    def receive(self) -> tuple[Piece, ...]:
        with reaching(self._engine.bay, self._engine.node):
            content, self._early = self._early, b""
            if not content and not self._duplex.has_ended:
                content = self._duplex.receive()
        if self._duplex.has_ended:
            self.exit_code = self._code()
        return tuple(self._frames.pieces(content))

    def send(self, content: bytes) -> None:
        with reaching(self._engine.bay, self._engine.node):
            self._duplex.send(content)

    def end_input(self) -> None:
        with reaching(self._engine.bay, self._engine.node):
            self._duplex.end_sending()

    def resize(self, size: TerminalSize) -> None:
        """A command that has just ended has no terminal any more."""
        try:
            self._engine.resize_exec(self._id, size)
        except Refused:
            return

    def close(self) -> None:
        self._duplex.close()

    def _code(self) -> int:
        end = time.monotonic() + END_SECONDS
        while (code := self._engine.exit_code_of_exec(self._id)) is None and time.monotonic() < end:
            time.sleep(0.05)
        return 0 if code is None else code


def started(duplex: Duplex, exec_id: str, wish: ExecWish) -> bytes:
    """What came right behind the answer."""
    body = json.dumps({"Detach": False, "Tty": wish.terminal is not None}).encode()
    head = (
        f"POST /exec/{exec_id}/start HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\n"
        f"Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    duplex.send(head.encode() + body)
    answer = b""
    while HEAD_END not in answer and not duplex.has_ended:
        answer += duplex.receive()
    said, _, behind = answer.partition(HEAD_END)
    status = int(said.split()[1]) if said else 0
    if status not in {HTTPStatus.SWITCHING_PROTOCOLS, HTTPStatus.OK}:
        raise Refused("the Docker engine refused the command", status=status, message=message_of(behind))
    return behind


def message_of(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace") or "the connection ended"
