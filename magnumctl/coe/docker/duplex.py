"""A TLS connection whose two directions end one by one.

Python's SSLSocket cannot end its own direction and go on reading, and that is how a command learns that its input is
over; TLS itself can, over buffers in memory.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from magnumctl.coe.tls_files import TlsFiles

CONNECT_SECONDS = 5.0
CHUNK = 65536
Made = TypeVar("Made")


class Duplex:
    """`has_ended` once the other side says no more. Raises OSError and its kind, ssl.SSLError, when it breaks."""

    def __init__(self, address: str, port: int, files: TlsFiles) -> None:
        context = ssl.create_default_context(cafile=files.ca)
        context.load_cert_chain(files.certificate, files.key)
        self.has_ended = False
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=address)
        self._socket = socket.create_connection((address, port), CONNECT_SECONDS)
        self._step(self._tls.do_handshake)
        self._socket.settimeout(None)

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, content: bytes) -> None:
        if content:
            self._step(lambda: self._tls.write(content))

    def end_sending(self) -> None:
        # our goodbye is said, theirs comes later
        with suppress(ssl.SSLWantReadError, ssl.SSLSyscallError):
            self._tls.unwrap()
        self._flush()

    def receive(self) -> bytes:
        """What one look at the network gives, perhaps nothing."""
        self._look()
        return self._decrypted()

    def close(self) -> None:
        self._socket.close()

    def _step(self, step: Callable[[], Made]) -> Made:
        while True:
            try:
                made = step()
            except ssl.SSLWantReadError:
                self._flush()
                self._look()
            else:
                self._flush()
                return made

    def _look(self) -> None:
        raw = self._socket.recv(CHUNK)
        if raw:
            self._incoming.write(raw)
        else:
            self._incoming.write_eof()

    def _flush(self) -> None:
        self._socket.sendall(self._outgoing.read())

    def _decrypted(self) -> bytes:
        received = b""
        while not self.has_ended:
            try:
                content = self._tls.read(CHUNK)
            except ssl.SSLWantReadError:
                break
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                content = b""
            self.has_ended = not content
            received += content
        self._flush()
        return received
