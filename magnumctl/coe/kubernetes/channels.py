"""The wall to `websocket`, which the `kubernetes` package brings: the numbered channels of a command's streams."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import websocket

from magnumctl.coe.tls_files import TlsFiles

from .server_name import SERVER_NAME

CONNECT_SECONDS = 5.0
Broken = websocket.WebSocketException
"""What its methods raise, beside OSError."""


class ChannelsRefusedError(Exception):
    """The server answered with something other than a change of protocol."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body


class Channels:
    """Messages, each of one channel. `protocol` is the one that the server chose."""

    def __init__(self, url: str, files: TlsFiles, protocols: Sequence[str]) -> None:
        tls = {
            "ca_certs": files.ca,
            "certfile": files.certificate,
            "keyfile": files.key,
            "cert_reqs": ssl.CERT_REQUIRED,
            "server_hostname": SERVER_NAME,
        }
        try:
            self._socket: Any = websocket.create_connection(
                url,
                CONNECT_SECONDS,
                sslopt=tls,
                subprotocols=list(protocols),
                suppress_origin=True,
                header=["User-Agent: magnumctl"],
            )
        except websocket.WebSocketBadStatusException as exc:
            status = int(getattr(exc, "status_code", None) or HTTPStatus.BAD_GATEWAY)
            raise ChannelsRefusedError(status, bytes(getattr(exc, "resp_body", None) or b"")) from exc
        self._socket.settimeout(None)
        self.protocol = str(self._socket.getsubprotocol() or "")

    def fileno(self) -> int:
        return int(self._socket.fileno())

    @property
    def has_more(self) -> bool:
        """TLS has decrypted more than was read: select does not see it."""
        return bool(self._socket.sock.pending())

    def receive(self) -> tuple[int, bytes] | None:
        """Channel and content; None when the server has ended it."""
        try:
            kind, content = self._socket.recv_data()
        except websocket.WebSocketConnectionClosedException:
            return None
        if kind == websocket.ABNF.OPCODE_CLOSE or not content:
            return None if kind == websocket.ABNF.OPCODE_CLOSE else (0, b"")
        return content[0], content[1:]

    def send(self, channel: int, content: bytes) -> None:
        self._socket.send_binary(bytes([channel]) + content)

    def close(self) -> None:
        self._socket.shutdown()
