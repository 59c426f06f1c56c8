"""HTTP/1.1 over one accepted TLS connection: what an engine's API needs beyond WSGI (streams, hijacked connections)."""

from __future__ import annotations

import json
import select
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from magnumctl.sandbox.nodes.certificates import ClientIdentity, client_identity

Json = dict[str, Any]
IDLE_SECONDS = 180.0


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Message
    body: bytes
    client: ClientIdentity | None

    def parameter(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def flag(self, name: str) -> bool:
        return self.parameter(name).lower() in {"1", "true", "yes", "t"}

    def header(self, name: str) -> str:
        return str(self.headers.get(name, ""))

    def json(self) -> Any:
        """Raises ValueError when the body is not JSON; an empty body is an empty object."""
        return json.loads(self.body) if self.body.strip() else {}


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stream:
    """A chunked body. An empty chunk sends nothing: it only looks whether the client is still there."""

    status: int
    chunks: Iterator[bytes]
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hijack:
    """The connection leaves HTTP: `talk` reads and writes it until it returns, then it is closed."""

    talk: Callable[[BufferedIOBase, BufferedIOBase], None]
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    status_line: str = "101 UPGRADED"


Answer = Reply | Stream | Hijack
Application = Callable[[Request], Answer]


def json_reply(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(body).encode() + b"\n", headers=headers or {})


class Connection(BaseHTTPRequestHandler):
    """One client's connection; `server` is the application that answers on it."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS

    def setup(self) -> None:
        super().setup()
        self.identity = _identity(self.connection)

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """An engine's access log interests nobody."""

    def handle_one_request(self) -> None:
        try:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self._answer(cast("Application", self.server)(self._request()))
        except (OSError, ValueError):
            self.close_connection = True

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=unquote(parts.path),
            query=parse_qs(parts.query, keep_blank_values=True),
            headers=self.headers,
            body=self._body(),
            client=self.identity,
        )

    def _body(self) -> bytes:
        if "chunked" in str(self.headers.get("Transfer-Encoding", "")).lower():
            return b"".join(self._chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _answer(self, answer: Answer) -> None:
        if isinstance(answer, Reply):
            self._reply(answer)
        elif isinstance(answer, Stream):
            self._stream(answer)
        else:
            self._hijack(answer)

    def _head(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name, value)

    def _reply(self, reply: Reply) -> None:
        self._head(reply.status, reply.content_type if reply.body else "", reply.headers)
        if reply.status not in {204, 304}:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _stream(self, stream: Stream) -> None:
        self._head(stream.status, stream.content_type, stream.headers)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in stream.chunks:
            if chunk:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            elif self._client_left():
                self.close_connection = True
                return
        self.wfile.write(b"0\r\n\r\n")

    def _client_left(self) -> bool:
        """While a response is being sent a client says nothing but goodbye."""
        return bool(select.select([self.connection], [], [], 0)[0])

    def _hijack(self, hijack: Hijack) -> None:
        upgrading = bool(self.headers.get("Upgrade"))
        lines = [f"HTTP/1.1 {hijack.status_line if upgrading else '200 OK'}"]
        lines += [f"Content-Type: {hijack.content_type}"] if hijack.content_type else []
        if upgrading:
            lines += ["Connection: Upgrade", f"Upgrade: {self.headers['Upgrade']}"]
        lines += [f"{name}: {value}" for name, value in hijack.headers.items()]
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.close_connection = True
        hijack.talk(self.rfile, self.wfile)


def _identity(connection: socket.socket) -> ClientIdentity | None:
    der = connection.getpeercert(binary_form=True) if isinstance(connection, ssl.SSLSocket) else None
    return client_identity(der) if der else None
