from __future__ import annotations

from magnumctl.sandbox.cinder import types, volumes
from magnumctl.sandbox.keystone.service import refusal as keystone_refusal
from magnumctl.sandbox.router import Answer, Microversions, Route, Service
from magnumctl.sandbox.wire import Call, RefusedError, Reply

_BELOW_PROJECT: tuple[tuple[str, str, Answer], ...] = (
    ("GET", "/limits", types.limits),
    ("GET", "/extensions", types.extensions),
    ("GET", "/os-availability-zone", types.zones),
    ("GET", "/types", types.index),
    ("POST", "/types", types.create),
    ("GET", "/types/{id}", types.show),
    ("DELETE", "/types/{id}", types.delete),
    ("GET", "/os-quota-sets/{target}", types.quota),
    ("PUT", "/os-quota-sets/{target}", types.set_quota),
    ("DELETE", "/os-quota-sets/{target}", types.reset_quota),
    ("GET", "/os-quota-sets/{target}/defaults", types.default_quota),
    ("GET", "/volumes", volumes.index),
    ("POST", "/volumes", volumes.create),
    ("GET", "/volumes/detail", volumes.details),
    ("GET", "/volumes/{id}", volumes.show),
    ("PUT", "/volumes/{id}", volumes.update),
    ("DELETE", "/volumes/{id}", volumes.delete),
    ("POST", "/volumes/{id}/action", volumes.action),
    ("GET", "/volumes/{id}/metadata", volumes.show_metadata),
    ("POST", "/volumes/{id}/metadata", volumes.set_metadata),
    ("PUT", "/volumes/{id}/metadata", volumes.set_metadata),
    ("DELETE", "/volumes/{id}/metadata/{key}", volumes.drop_metadata),
    ("GET", "/snapshots", types.nothing),
    ("GET", "/snapshots/detail", types.nothing),
    ("GET", "/snapshots/{id}", types.absent),
    ("GET", "/backups", types.nothing),
    ("GET", "/backups/detail", types.nothing),
    ("GET", "/backups/{id}", types.absent),
    ("GET", "/attachments", types.nothing),
    ("GET", "/groups/detail", types.nothing),
)
ROUTES = (
    Route("GET", "/", types.versions, public=True),
    Route("GET", "/v3", types.versions, public=True),
    *(Route(method, f"/v3/{{project}}{path}", answer) for method, path, answer in _BELOW_PROJECT),
    *(Route(method, f"/v3{path}", answer) for method, path, answer in _BELOW_PROJECT),
)
_FAULTS = {
    400: "badRequest",
    403: "forbidden",
    404: "itemNotFound",
    405: "badMethod",
    409: "conflictingRequest",
    413: "overLimit",
}


def refusal(refused: RefusedError) -> Reply:
    if refused.status == 401:  # noqa: PLR2004 - said by keystonemiddleware, in Keystone's shape
        return keystone_refusal(refused)
    kind = _FAULTS.get(refused.status, "computeFault")
    headers = {"Retry-After": "0"} if kind == "overLimit" else {}
    return Reply({kind: {"code": refused.status, "message": refused.message}}, refused.status, headers)


_VERBS = {"POST": "create", "PUT": "update", "DELETE": "delete"}


def forbidden(call: Call) -> str:
    return f"Policy doesn't allow volume:{_VERBS.get(call.method, 'update')} to be performed."


SERVICE = Service(
    "volume",
    "/volume",
    ROUTES,
    refusal,
    forbidden,
    Microversions("volume", "OpenStack-Volume-Api-Version", (3, 0), (3, 71)),
)
