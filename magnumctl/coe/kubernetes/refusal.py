"""What a Kubernetes API server says when it says no."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from magnumctl.errors import CoeError

UNKNOWN_FIELD = "failed to create typed patch object"
"""How server-side apply says, with 500, that an object has a field its kind does not know."""
WORDS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "does not accept this client certificate",
    HTTPStatus.FORBIDDEN: "does not allow this",
}


@dataclass(frozen=True)
class Cause:
    reason: str
    message: str
    field: str


class Refused(CoeError):  # noqa: N818 a word of its own, caught only inside this package
    """An answer other than 2xx: `status` is the HTTP code, `reason` Kubernetes' word for it."""

    def __init__(self, summary: str, *, status: int, reason: str, message: str, causes: tuple[Cause, ...]) -> None:
        super().__init__(summary, detail=message)
        self.status = status
        self.reason = reason
        self.message = message
        self.causes = causes

    @property
    def kind(self) -> Literal["missing", "conflict", "immutable", "passing", "other"]:
        """`passing`: the same request may well be taken in a moment."""
        if self.status == HTTPStatus.NOT_FOUND:
            return "missing"
        if any(cause.reason == "FieldManagerConflict" for cause in self.causes):
            return "conflict"
        if self.status == HTTPStatus.UNPROCESSABLE_ENTITY and is_immutable(self.message):
            return "immutable"
        return "passing" if is_passing(self) else "other"


def is_immutable(message: str) -> bool:
    return any(word in message for word in ("is immutable", "may not change fields", "updates to statefulset spec"))


def is_passing(refused: Refused) -> bool:
    """A young bay has no default service account yet; an overloaded or restarting API server says 429 or 5xx."""
    message = refused.message
    if refused.status == HTTPStatus.FORBIDDEN:
        return "serviceaccount" in message and "not found" in message
    if refused.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return UNKNOWN_FIELD not in message
    return refused.status in {429, 502, 503, 504}


def refusal(bay: str, status: int, body: bytes) -> Refused:
    answer = status_object(body)
    details = answer.get("details") or {}
    words = WORDS.get(status, "refused")
    return Refused(
        f"bay {bay}: the Kubernetes API {words}",
        status=status,
        reason=str(answer.get("reason") or ""),
        message=str(answer.get("message") or body[:500].decode(errors="replace") or f"HTTP {status}"),
        causes=tuple(cause(each) for each in details.get("causes") or ()),
    )


def status_object(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def cause(answer: Mapping[str, Any]) -> Cause:
    return Cause(str(answer.get("reason") or ""), str(answer.get("message") or ""), str(answer.get("field") or ""))
