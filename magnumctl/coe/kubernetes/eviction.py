"""Pods of nodes that go: which of them must move, and asking Kubernetes to move them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from .conditions import one_line
from .refusal import Refused
from .transport import Transport

Json = Mapping[str, Any]
MIRROR = "kubernetes.io/config.mirror"
ENDED = frozenset({"Succeeded", "Failed"})


@dataclass(frozen=True)
class Tenant:
    """A pod that must leave its node. `is_lonely`: no controller makes another one in its place."""

    namespace: str
    name: str
    uid: str
    node: str
    is_going: bool
    is_lonely: bool

    def __str__(self) -> str:
        return f"pod {self.namespace}/{self.name}"


def tenants(api: Transport, node: str) -> tuple[Tenant, ...]:
    """Without the pods that belong to the node: those of DaemonSets, mirrors of its own files, and what has ended."""
    query = urlencode({"fieldSelector": f"spec.nodeName={node}"})
    found = api.get(f"/api/v1/pods?{query}").get("items") or ()
    return tuple(tenant(body) for body in found if must_move(body))


def must_move(pod: Json) -> bool:
    if MIRROR in (pod["metadata"].get("annotations") or {}):
        return False
    ended = (pod.get("status") or {}).get("phase") in ENDED
    return not ended and not any(owner["kind"] == "DaemonSet" for owner in controllers(pod))


def controllers(pod: Json) -> Sequence[Json]:
    return [owner for owner in pod["metadata"].get("ownerReferences") or () if owner.get("controller")]


def tenant(pod: Json) -> Tenant:
    metadata = pod["metadata"]
    return Tenant(
        namespace=metadata["namespace"],
        name=metadata["name"],
        uid=metadata["uid"],
        node=pod["spec"]["nodeName"],
        is_going="deletionTimestamp" in metadata,
        is_lonely=not controllers(pod),
    )


def evict(api: Transport, pod: Tenant) -> str:
    """Empty, or why the pod may not go now. One that has gone meanwhile is as good as evicted."""
    path = f"/api/v1/namespaces/{quote(pod.namespace)}/pods/{quote(pod.name)}/eviction"
    body = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": pod.name, "namespace": pod.namespace},
        "deleteOptions": {"preconditions": {"uid": pod.uid}},
    }
    try:
        api.create(path, body)
    except Refused as exc:
        return "" if exc.status in {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT} else obstacle(exc)
    return ""


def obstacle(refused: Refused) -> str:
    """The budget's own sentence, when it is one that refuses."""
    causes = [cause.message for cause in refused.causes if cause.message]
    return one_line(", ".join(causes) or refused.message)
