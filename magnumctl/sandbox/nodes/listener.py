"""All endpoints of all nodes: one thread accepts, each connection has its own thread while it lasts."""

from __future__ import annotations

import contextlib
import ipaddress
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from magnumctl.sandbox.nodes.http import Application, Connection

HANDSHAKE_SECONDS = 15.0
BACKLOG = 128


@dataclass(frozen=True)
class Service:
    """What answers on a port: its TLS side and its API."""

    context: ssl.SSLContext
    application: Application


@dataclass(eq=False)
class Endpoint:
    """An address and port; `pick` says who answers the next connection, or None: it is closed at once."""

    address: str
    port: int
    pick: Callable[[], Service | None]
    allowed_cidrs: Sequence[str] = ()
    connections: set[socket.socket] = field(default_factory=set)

    def allows(self, peer: str) -> bool:
        """This machine itself always may: it stands for every caller that the sandbox can have."""
        address = ipaddress.ip_address(peer)
        if address.is_loopback or not self.allowed_cidrs:
            return True
        return any(address in ipaddress.ip_network(cidr, strict=False) for cidr in self.allowed_cidrs)


class Listeners:
    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._sockets: dict[tuple[str, int], socket.socket] = {}
        self._endpoints: dict[tuple[str, int], Endpoint] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._open = True

    def open(self, endpoint: Endpoint) -> None:
        """Raises OSError when the address is not this machine's or the port is taken."""
        place = (endpoint.address, endpoint.port)
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(place)
            listening.listen(BACKLOG)
            listening.setblocking(False)
        except OSError:
            listening.close()
            raise
        with self._lock:
            self._sockets[place], self._endpoints[place] = listening, endpoint
            self._selector.register(listening, selectors.EVENT_READ, endpoint)
            self._ensure_accepting()

    def close(self, address: str, port: int) -> None:
        """Also ends the connections that came in there; closing what is not open does nothing."""
        with self._lock:
            listening = self._sockets.pop((address, port), None)
            endpoint = self._endpoints.pop((address, port), None)
            if listening is not None:
                self._selector.unregister(listening)
                listening.close()
        for connection in tuple(endpoint.connections) if endpoint else ():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close_all(self) -> None:
        self._open = False
        for address, port in tuple(self._sockets):
            self.close(address, port)

    def _ensure_accepting(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._accept, name="sandbox-accept", daemon=True)
            self._thread.start()

    def _accept(self) -> None:
        while self._open:
            for key, _ in self._selector.select(timeout=1.0):
                with contextlib.suppress(OSError):
                    accepted, peer = cast("socket.socket", key.fileobj).accept()
                    self._serve(cast("Endpoint", key.data), accepted, peer[0])

    def _serve(self, endpoint: Endpoint, accepted: socket.socket, peer: str) -> None:
        service = endpoint.pick() if endpoint.allows(peer) else None
        if service is None:
            accepted.close()
            return
        endpoint.connections.add(accepted)
        work = threading.Thread(target=_converse, args=(endpoint, service, accepted), daemon=True)
        work.start()


def _converse(endpoint: Endpoint, service: Service, accepted: socket.socket) -> None:
    accepted.settimeout(HANDSHAKE_SECONDS)
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    secured = accepted
    try:
        secured = service.context.wrap_socket(accepted, server_side=True)
        endpoint.connections.add(secured)
        Connection(secured, accepted, service.application)  # type: ignore[arg-type]
    except (OSError, ValueError):
        pass
    finally:
        endpoint.connections.difference_update({accepted, secured})
        _say_goodbye(secured)


def _say_goodbye(connection: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError):
        connection.settimeout(1.0)
        if isinstance(connection, ssl.SSLSocket):
            connection.unwrap()
    connection.close()
