"""Pods that a controller makes from a template, and what controllers ask of pods."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import (
    at,
    controller_of,
    is_going,
    name_of,
    namespace_of,
    owned_by,
    uid_of,
)
from magnumctl.sandbox.nodes.kubernetes.writes import SUFFIX, Deletion, Target, suffix

POD = find_built_in("Pod")


def template_hash(template: Json) -> str:
    number = int(hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:12], 16)
    return "".join(SUFFIX[(number >> (4 * index)) % len(SUFFIX)] for index in range(10))


def pods_of(cluster: Cluster, owner: Json) -> list[Json]:
    uid = uid_of(owner)
    return [pod for pod in cluster.store.peek(POD, namespace_of(owner)) if controller_of(pod) == uid]


def living(pods: list[Json]) -> list[Json]:
    return [pod for pod in pods if not is_going(pod) and at(pod, "status.phase") not in {"Succeeded", "Failed"}]


def create_pod(cluster: Cluster, owner: Json, template: Json, name: str = "", **more: Any) -> Json | None:
    """`more` goes into the spec; the name is the owner's with a random end when none is given."""
    metadata = copy.deepcopy(template.get("metadata") or {})
    metadata |= {"name": name or f"{name_of(owner)}-{suffix()}", "namespace": namespace_of(owner)}
    metadata["ownerReferences"] = [owned_by(owner)]
    spec = {**copy.deepcopy(template["spec"]), **more}
    made = cluster.create(POD, {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    component = f"{owner['kind'].lower()}-controller"
    if made:
        cluster.events.say(owner, component, "SuccessfulCreate", f"Created pod: {name_of(made)}")
    return made


def delete_pod(cluster: Cluster, pod: Json) -> None:
    if not is_going(pod):
        cluster.writes.delete(Target(POD, namespace_of(pod), name_of(pod)), Deletion())


def write_status(cluster: Cluster, kind_name: str, body: Json, status: Json) -> None:
    """`body` may be the store's own: it is copied, and written only when the status is another."""
    kind = find_built_in(kind_name)
    held = cluster.store.find(kind, namespace_of(body), name_of(body))
    if held is not None and held.get("status") != status:
        cluster.store.put(kind, held | {"status": status})
