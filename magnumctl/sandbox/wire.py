"""One request and one answer, in the form every service of the sandbox sees them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from werkzeug.datastructures import Headers

Json = dict[str, Any]


class RefusedError(Exception):
    """The service says no; `kind` is the service's own word for it (a Neutron exception, a Nova fault)."""

    def __init__(self, status: int, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind


@dataclass(frozen=True)
class Caller:
    """Who a token speaks for."""

    user_id: str
    user_name: str
    project_id: str
    roles: frozenset[str]

    @property
    def is_admin(self) -> bool:
        return "admin" in self.roles

    @property
    def may_write(self) -> bool:
        return not self.roles.isdisjoint({"admin", "member"})

    def owns(self, project_id: str) -> bool:
        return self.is_admin or project_id == self.project_id


NOBODY = Caller(user_id="", user_name="", project_id="", roles=frozenset())


@dataclass
class Call:
    method: str
    path: str
    root_url: str
    query: Mapping[str, list[str]]
    headers: Headers
    body: bytes
    caller: Caller = NOBODY
    parts: Mapping[str, str] = field(default_factory=dict)
    microversion: tuple[int, int] = (2, 1)

    def part(self, name: str) -> str:
        return self.parts[name]

    def first(self, name: str, default: str = "") -> str:
        values = self.query.get(name)
        return values[0] if values else default

    def json(self) -> Json:
        try:
            document = json.loads(self.body or b"{}")
        except ValueError as exc:
            raise RefusedError(400, "Malformed request body") from exc
        if not isinstance(document, dict):
            raise RefusedError(400, "Malformed request body")
        return document

    def patch(self) -> list[Json]:
        """A JSON patch: a list of {"op", "path", "value"}."""
        try:
            changes = json.loads(self.body or b"[]")
        except ValueError as exc:
            raise RefusedError(400, "Malformed request body") from exc
        return list(changes)

    def resource(self, name: str) -> Json:
        """The object under `name`, as in `{"server": {...}}`."""
        inner = self.json().get(name)
        if not isinstance(inner, dict):
            raise RefusedError(400, f"Unable to find '{name}' in request body", "HTTPBadRequest")
        return inner

    def everybody(self) -> bool:
        """An administrator asked for the resources of all projects."""
        return self.caller.is_admin and self.first("all_tenants", self.first("all_projects", "0")).lower() not in {
            "0",
            "false",
        }


@dataclass
class Reply:
    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def payload(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


NO_CONTENT = 204


def empty(status: int = NO_CONTENT) -> Reply:
    return Reply(None, status)


def new_id() -> str:
    return str(uuid.uuid4())


def hex_id() -> str:
    return uuid.uuid4().hex


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page(rows: list[Json], call: Call) -> list[Json]:
    """The part of a listing that `marker` and `limit` ask for."""
    marker, limit = call.first("marker"), call.first("limit")
    if marker:
        places = [place for place, row in enumerate(rows) if row.get("id") == marker or row.get("name") == marker]
        if not places:
            raise RefusedError(400, f"marker [{marker}] not found")
        rows = rows[places[0] + 1 :]
    return rows[: int(limit)] if limit.isdigit() and int(limit) > 0 else rows


def subset(source: Mapping[str, Any], names: Iterable[str]) -> Json:
    return {name: source[name] for name in names if name in source}
