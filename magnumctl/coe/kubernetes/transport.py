"""Requests to one bay's API server: JSON in and out, refusals as errors."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from magnumctl.coe.contract import ClientTls
from magnumctl.coe.parallel import THREADS
from magnumctl.errors import CoeUnreachableError

from .refusal import refusal

if TYPE_CHECKING:
    from .channels import Channels
    from .wire import Wire

Json = Mapping[str, Any]

READ_SECONDS = 30.0
JSON, APPLY, MERGE = "application/json", "application/apply-patch+yaml", "application/merge-patch+json"


class Transport:
    """Answers other than 2xx raise Refused, no answer CoeUnreachableError."""

    def __init__(self, address: str, port: int, tls: ClientTls, bay: str) -> None:
        self.bay = bay
        self.url = f"https://[{address}]:{port}" if ":" in address else f"https://{address}:{port}"
        self._tls = tls

    @cached_property
    def _wire(self) -> Wire:
        from .wire import Wire  # noqa: PLC0415 the `kubernetes` package takes a quarter of a second to import

        return Wire(self.bay, self.url, self._tls, THREADS)

    def get(self, path: str, accept: str = JSON, read_seconds: float = READ_SECONDS) -> Json:
        return self._ask("GET", path, {"Accept": accept}, None, read_seconds)

    def apply(self, path: str, body: Json) -> Json:
        return self._ask("PATCH", path, {"Accept": JSON, "Content-Type": APPLY}, json.dumps(body).encode())

    def create(self, path: str, body: Json) -> Json:
        return self._ask("POST", path, {"Accept": JSON, "Content-Type": JSON}, body)

    def merge(self, path: str, body: Json) -> Json:
        return self._ask("PATCH", path, {"Accept": JSON, "Content-Type": MERGE}, body)

    def listen(self, path: str) -> Iterator[bytes]:
        """A log as it comes; reading it raises Refused or CoeUnreachableError."""
        return self._wire.listen(path, {"User-Agent": "magnumctl"})

    def channels(self, path: str, protocols: Sequence[str]) -> Channels:
        """A conversation with a command, over the `exec` of a pod at the path."""
        return self._wire.channels(path, protocols)

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """For a conversation that is under way."""
        from .wire import reaching  # noqa: PLC0415 as above

        with reaching(self.bay, self.url):
            yield

    def forward(self, path: str, port: int) -> socket.socket:
        """A connection to that port of the pod whose `portforward` is at the path."""
        return self._wire.forward(path, port)

    def delete(self, path: str, body: Json) -> Json:
        return self._ask("DELETE", path, {"Accept": JSON, "Content-Type": JSON}, body)

    def _ask(self, method: str, path: str, headers: Json, body: Any, read_seconds: float = READ_SECONDS) -> Json:
        answer = self._wire.ask(method, path, {**headers, "User-Agent": "magnumctl"}, body, read_seconds)
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return self._decoded(answer.content)
        raise refusal(self.bay, answer.status, answer.content)

    def _decoded(self, content: bytes) -> Json:
        try:
            answer: Json = dict(json.loads(content))
        except (ValueError, TypeError) as exc:
            raise CoeUnreachableError(
                f"bay {self.bay}: what answers at {self.url} is not Kubernetes",
                detail=content[:200].decode(errors="replace"),
                hint=f"magnumctl bay show {self.bay}",
            ) from exc
        return answer
