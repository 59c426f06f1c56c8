"""Kubernetes objects as JSON: what every part asks of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind


def now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_uid() -> str:
    return str(uuid.uuid4())


def name_of(body: Mapping[str, Any]) -> str:
    return str(body["metadata"]["name"])


def namespace_of(body: Mapping[str, Any]) -> str:
    return str(body["metadata"].get("namespace") or "")


def labels_of(body: Mapping[str, Any]) -> Mapping[str, str]:
    return body["metadata"].get("labels") or {}


def uid_of(body: Mapping[str, Any]) -> str:
    return str(body["metadata"].get("uid") or "")


def is_going(body: Mapping[str, Any]) -> bool:
    return bool(body["metadata"].get("deletionTimestamp"))


def controller_of(body: Mapping[str, Any]) -> str:
    """The uid of the object that controls it, or empty."""
    owners = body["metadata"].get("ownerReferences") or ()
    return next((str(owner["uid"]) for owner in owners if owner.get("controller")), "")


def owned_by(owner: Mapping[str, Any]) -> Json:
    reference = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": name_of(owner), "uid": uid_of(owner)}
    return {**reference, "controller": True, "blockOwnerDeletion": True}


def listing(kind: Kind, items: list[Json], version: int) -> Json:
    head: Json = {"kind": f"{kind.kind}List", "apiVersion": kind.api_version}
    return head | {"metadata": {"resourceVersion": str(version)}, "items": items}


def at(body: Any, path: str, default: Any = None) -> Any:
    """The value at `spec.template.spec`, or the default where a part is missing."""
    for part in path.split("."):
        if not isinstance(body, dict) or part not in body:
            return default
        body = body[part]
    return default if body is None else body


def condition(kind: str, status: bool, reason: str, message: str = "") -> Json:
    made = {"type": kind, "status": "True" if status else "False", "lastTransitionTime": now(), "reason": reason}
    return made | ({"message": message} if message else {})


def with_condition(conditions: list[Json], new: Json) -> list[Json]:
    """The moment of transition stays when the status does."""
    old = next((each for each in conditions if each["type"] == new["type"]), None)
    if old and old["status"] == new["status"]:
        new = new | {key: old[key] for key in ("lastTransitionTime", "lastUpdateTime") if key in old}
    return [*(each for each in conditions if each["type"] != new["type"]), new]


def ready(pod: Mapping[str, Any]) -> bool:
    conditions = at(pod, "status.conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
