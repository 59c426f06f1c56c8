"""An answer of the API server other than success, as Kubernetes' Status objects say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from magnumctl.sandbox.nodes.http import Json

if TYPE_CHECKING:
    from magnumctl.sandbox.nodes.kubernetes.kinds import Kind


@dataclass(frozen=True)
class Cause:
    reason: str
    message: str
    field: str

    def view(self) -> Json:
        return {"reason": self.reason, "message": self.message, "field": self.field}


class ApiError(Exception):
    def __init__(self, code: int, reason: str, message: str, details: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details or {}

    def status(self) -> Json:
        body: Json = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
        body |= {"message": self.message, "reason": self.reason, "code": self.code}
        return body | ({"details": dict(self.details)} if self.details else {})


def about(kind: Kind, name: str) -> Json:
    details: Json = ({"name": name} if name else {}) | {"kind": kind.plural}
    return details | ({"group": kind.group} if kind.group else {})


def not_found(kind: Kind, name: str) -> ApiError:
    return ApiError(404, "NotFound", f'{kind.resource} "{name}" not found', about(kind, name))


def already_exists(kind: Kind, name: str) -> ApiError:
    return ApiError(409, "AlreadyExists", f'{kind.resource} "{name}" already exists', about(kind, name))


def stale(kind: Kind, name: str) -> ApiError:
    said = "the object has been modified; please apply your changes to the latest version and try again"
    return ApiError(
        409, "Conflict", f'Operation cannot be fulfilled on {kind.resource} "{name}": {said}', about(kind, name)
    )


def invalid(kind: Kind, name: str, causes: Sequence[Cause]) -> ApiError:
    told = [f"{cause.field}: {cause.message}" for cause in causes]
    sentence = told[0] if len(told) == 1 else f"[{', '.join(told)}]"
    shown = f"{kind.kind}.{kind.group}" if kind.group else kind.kind
    details = about(kind, name) | {"kind": kind.kind, "causes": [cause.view() for cause in causes]}
    return ApiError(422, "Invalid", f'{shown} "{name}" is invalid: {sentence}', details)


def bad_request(message: str) -> ApiError:
    return ApiError(400, "BadRequest", message)


def forbidden(kind: Kind, name: str, why: str) -> ApiError:
    named = f' "{name}"' if name else ""
    return ApiError(403, "Forbidden", f"{kind.resource}{named} is forbidden: {why}", about(kind, name))


def no_such_path() -> ApiError:
    return ApiError(404, "NotFound", "the server could not find the requested resource")


def not_allowed() -> ApiError:
    return ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
