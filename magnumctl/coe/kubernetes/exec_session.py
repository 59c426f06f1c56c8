"""A command in a container of a pod: Kubernetes' exec over a WebSocket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from magnumctl.coe.sessions import ExecWish, Piece, Stream, TerminalSize

from .transport import Transport

if TYPE_CHECKING:
    from .channels import Channels

Json = Mapping[str, Any]
V5, V4 = "v5.channel.k8s.io", "v4.channel.k8s.io"
"""Only the fifth version can say that the input has ended (Kubernetes 1.30 and later)."""
STDIN, RESULT, SIZE, CLOSE = 0, 3, 4, 255
STREAMS: Mapping[int, Stream] = {1: "stdout", 2: "stderr"}
CHUNK = 30_000
ENDED_WITHOUT_RESULT = 1


class ExecSession:
    """Implements Session."""

    def __init__(self, api: Transport, pod_path: str, wish: ExecWish) -> None:
        self.exit_code: int | None = None
        self._api = api
        protocols = [V5] if wish.has_input and not wish.terminal else [V5, V4]
        self._channels: Channels = api.channels(f"{pod_path}/exec?{urlencode(asked(wish))}", protocols)
        if wish.terminal:
            self.resize(wish.terminal)

    @property
    def has_more(self) -> bool:
        return self._channels.has_more

    def fileno(self) -> int:
        return self._channels.fileno()

    def receive(self) -> tuple[Piece, ...]:
        with self._api.reaching():
            message = self._channels.receive()
        if message is None:
            self.exit_code = ENDED_WITHOUT_RESULT
            return (Piece("stderr", b"the connection ended before the command did\n"),)
        channel, content = message
        if channel == RESULT:
            self.exit_code, said = result(json.loads(content))
            return (Piece("stderr", said.encode()),) if said else ()
        return (Piece(STREAMS[channel], content),) if channel in STREAMS and content else ()

    def send(self, content: bytes) -> None:
        with self._api.reaching():
            for start in range(0, len(content), CHUNK):
                self._channels.send(STDIN, content[start : start + CHUNK])

    def end_input(self) -> None:
        with self._api.reaching():
            if self._channels.protocol == V5:
                self._channels.send(CLOSE, bytes([STDIN]))

    def resize(self, size: TerminalSize) -> None:
        with self._api.reaching():
            self._channels.send(SIZE, json.dumps({"Width": size.columns, "Height": size.rows}).encode())

    def close(self) -> None:
        self._channels.close()


def asked(wish: ExecWish) -> list[tuple[str, str]]:
    flags = {"stdin": wish.has_input, "stdout": True, "stderr": not wish.terminal, "tty": wish.terminal is not None}
    container = [("container", wish.container)] if wish.container else []
    spoken = [(name, "true" if value else "false") for name, value in flags.items()]
    return [*(("command", word) for word in wish.command), *container, *spoken]


def result(status: Json) -> tuple[int, str]:
    """Exit code, and what Kubernetes says when the command did not even begin."""
    if status.get("status") == "Success":
        return 0, ""
    causes = (status.get("details") or {}).get("causes") or ()
    code = next((int(cause["message"]) for cause in causes if cause.get("reason") == "ExitCode"), ENDED_WITHOUT_RESULT)
    message = str(status.get("message") or "")
    return code, "" if message.startswith("command terminated") else f"{message}\n"
