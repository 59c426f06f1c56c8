"""Kubernetes' protobuf encoding of the kinds that kubectl's `create` and `auth` send in it.

Field numbers are those of the published generated.proto files of k8s.io/api and k8s.io/apimachinery.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError

MAGIC = b"k8s\x00"
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
MAP_KEY, MAP_VALUE = 1, 2

Field = tuple[str, str]
"""JSON name and type: text, bytes, number, bool or a message; [] before it: repeated, {} before it: a map of texts."""

MESSAGES: Mapping[str, Mapping[int, Field]] = {
    "Unknown": {1: ("typeMeta", "TypeMeta"), 2: ("raw", "raw")},
    "TypeMeta": {1: ("apiVersion", "text"), 2: ("kind", "text")},
    "Meta": {
        1: ("name", "text"), 2: ("generateName", "text"), 3: ("namespace", "text"), 5: ("uid", "text"),
        6: ("resourceVersion", "text"), 11: ("labels", "{}text"), 12: ("annotations", "{}text"), 14: ("finalizers",
        "[]text"),
    },
    "DeleteOptions": {
        1: ("gracePeriodSeconds", "number"), 2: ("preconditions", "Preconditions"), 3: ("orphanDependents", "bool"),
        4: ("propagationPolicy", "text"), 5: ("dryRun", "[]text"),
    },
    "Preconditions": {1: ("uid", "text"), 2: ("resourceVersion", "text")},
    "Namespace": {1: ("metadata", "Meta"), 2: ("spec", "NamespaceSpec")},
    "NamespaceSpec": {1: ("finalizers", "[]text")},
    "ConfigMap": {1: ("metadata", "Meta"), 2: ("data", "{}text"), 3: ("binaryData", "{}bytes"), 4: ("immutable",
    "bool")},
    "Secret": {
        1: ("metadata", "Meta"), 2: ("data", "{}bytes"), 3: ("type", "text"), 4: ("stringData", "{}text"),
        5: ("immutable", "bool"),
    },
    "ServiceAccount": {1: ("metadata", "Meta")},
    "Deployment": {1: ("metadata", "Meta"), 2: ("spec", "DeploymentSpec")},
    "DeploymentSpec": {1: ("replicas", "number"), 2: ("selector", "LabelSelector"), 3: ("template", "Template")},
    "LabelSelector": {1: ("matchLabels", "{}text")},
    "Template": {1: ("metadata", "Meta"), 2: ("spec", "PodSpec")},
    "PodSpec": {2: ("containers", "[]Container"), 3: ("restartPolicy", "text"), 7: ("nodeSelector", "{}text")},
    "Container": {
        1: ("name", "text"), 2: ("image", "text"), 3: ("command", "[]text"), 4: ("args", "[]text"),
        6: ("ports", "[]ContainerPort"), 7: ("env", "[]EnvVar"), 14: ("imagePullPolicy", "text"),
    },
    "ContainerPort": {1: ("name", "text"), 2: ("hostPort", "number"), 3: ("containerPort", "number"),
    4: ("protocol", "text")},
    "EnvVar": {1: ("name", "text"), 2: ("value", "text")},
    "Pod": {1: ("metadata", "Meta"), 2: ("spec", "PodSpec")},
    "Job": {1: ("metadata", "Meta"), 2: ("spec", "JobSpec")},
    "JobSpec": {1: ("parallelism", "number"), 2: ("completions", "number"), 6: ("template", "Template"),
    7: ("backoffLimit", "number")},
    "CronJob": {1: ("metadata", "Meta"), 2: ("spec", "CronJobSpec")},
    "CronJobSpec": {1: ("schedule", "text"), 5: ("jobTemplate", "JobTemplate")},
    "JobTemplate": {1: ("metadata", "Meta"), 2: ("spec", "JobSpec")},
    "Service": {1: ("metadata", "Meta"), 2: ("spec", "ServiceSpec")},
    "ServiceSpec": {
        1: ("ports", "[]ServicePort"), 2: ("selector", "{}text"), 3: ("clusterIP", "text"), 4: ("type", "text"),
        10: ("externalName", "text"),
    },
    "ServicePort": {
        1: ("name", "text"), 2: ("protocol", "text"), 3: ("port", "number"), 4: ("targetPort", "IntOrString"),
        5: ("nodePort", "number"),
    },
    "IntOrString": {1: ("type", "number"), 2: ("intVal", "number"), 3: ("strVal", "text")},
    "Role": {1: ("metadata", "Meta"), 2: ("rules", "[]PolicyRule")},
    "ClusterRole": {1: ("metadata", "Meta"), 2: ("rules", "[]PolicyRule")},
    "PolicyRule": {
        1: ("verbs", "[]text"), 2: ("apiGroups", "[]text"), 3: ("resources", "[]text"), 4: ("resourceNames", "[]text"),
        5: ("nonResourceURLs", "[]text"),
    },
    "RoleBinding": {1: ("metadata", "Meta"), 2: ("subjects", "[]Subject"), 3: ("roleRef", "RoleRef")},
    "ClusterRoleBinding": {1: ("metadata", "Meta"), 2: ("subjects", "[]Subject"), 3: ("roleRef", "RoleRef")},
    "Subject": {1: ("kind", "text"), 2: ("apiGroup", "text"), 3: ("name", "text"), 4: ("namespace", "text")},
    "RoleRef": {1: ("apiGroup", "text"), 2: ("kind", "text"), 3: ("name", "text")},
    "Eviction": {1: ("metadata", "Meta"), 2: ("deleteOptions", "DeleteOptions")},
    "SelfSubjectReview": {1: ("metadata", "Meta")},
    "SelfSubjectAccessReview": {1: ("metadata", "Meta"), 2: ("spec", "AccessReviewSpec")},
    "AccessReviewSpec": {1: ("resourceAttributes", "ResourceAttributes"), 2: ("nonResourceAttributes",
    "PathAttributes")},
    "ResourceAttributes": {
        1: ("namespace", "text"), 2: ("verb", "text"), 3: ("group", "text"), 4: ("version", "text"),
        5: ("resource", "text"),
        6: ("subresource", "text"), 7: ("name", "text"),
    },
    "PathAttributes": {1: ("path", "text"), 2: ("verb", "text")},
}  # fmt: skip


def from_protobuf(body: bytes) -> Json:
    """ApiError 415 for a kind that is not in the table, 400 for bytes that are no protobuf."""
    if not body.startswith(MAGIC):
        raise ApiError(400, "BadRequest", "the object provided is unrecognized (must be of type protobuf)")
    try:
        unknown = _message("Unknown", body[len(MAGIC) :])
        kind = unknown["typeMeta"]["kind"]
        if kind not in MESSAGES:
            said = f"the body of the request was in an unknown format: {kind} is taken as application/json only"
            raise ApiError(415, "UnsupportedMediaType", said)
        return {**unknown["typeMeta"], **_message(kind, unknown.get("raw", b""))}
    except (IndexError, KeyError, struct.error, UnicodeDecodeError) as exc:
        raise ApiError(400, "BadRequest", f"the object provided is unrecognized: {exc!r}") from exc


def _message(name: str, body: bytes) -> Json:
    fields = MESSAGES[name]
    found: Json = {}
    for number, raw in _parts(body):
        if number in fields:
            _put(found, *fields[number], raw)
    if name == "IntOrString":
        return {"": found.get("strVal", "") if found.get("type") else found.get("intVal", 0)}
    return found


def _put(found: Json, name: str, kind: str, raw: Any) -> None:
    if kind.startswith("[]"):
        found.setdefault(name, []).append(_value(kind[2:], raw))
    elif kind.startswith("{}"):
        entry = dict(_parts(raw))
        found.setdefault(name, {})[_value("text", entry.get(MAP_KEY, b""))] = _value(
            kind[2:], entry.get(MAP_VALUE, b"")
        )
    elif (value := _value(kind, raw)) not in ("", None):
        found[name] = value


def _value(kind: str, raw: Any) -> Any:
    if kind in PLAIN:
        return PLAIN[kind](raw)
    message = _message(kind, raw)
    return message[""] or None if kind == "IntOrString" else message


def _number(raw: int) -> int:
    """Negative numbers are sent as their 64-bit complement."""
    return raw - (1 << 64) if raw >> 63 else raw


PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "text": lambda raw: raw.decode(),
    "raw": bytes,
    "bytes": lambda raw: base64.b64encode(raw).decode(),
    "bool": bool,
    "number": _number,
}


def _parts(body: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(body):
        tag, at = _varint(body, at)
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            value, at = _varint(body, at)
            yield number, value
        elif wire == LENGTH:
            length, at = _varint(body, at)
            yield number, body[at : at + length]
            at += length
        else:
            at += {FIXED64: 8, FIXED32: 4}[wire]


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at
