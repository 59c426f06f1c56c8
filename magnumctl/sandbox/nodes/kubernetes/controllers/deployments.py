"""Deployments: a ReplicaSet for each template, exchanged step by step."""

from __future__ import annotations

import copy
import datetime as dt
import math
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import (
    at,
    condition,
    controller_of,
    is_going,
    name_of,
    namespace_of,
    now,
    owned_by,
    uid_of,
    with_condition,
)
from magnumctl.sandbox.nodes.kubernetes.pods import template_hash, write_status

DEPLOYMENT, REPLICA_SET = find_built_in("Deployment"), find_built_in("ReplicaSet")
HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"


def control_deployments(cluster: Cluster) -> None:
    for body in tuple(cluster.store.peek(DEPLOYMENT)):
        if is_going(body):
            continue
        owned = [
            each for each in cluster.store.peek(REPLICA_SET, namespace_of(body)) if controller_of(each) == uid_of(body)
        ]
        new = next((each for each in owned if _template(each) == body["spec"]["template"]), None)
        if not body["spec"].get("paused"):
            new = _current(cluster, body, new, owned)
        old = [each for each in owned if new is None or uid_of(each) != uid_of(new)]
        if new is not None:
            _roll(cluster, body, new, old)
            _clean(cluster, body, old)
        _report(cluster, body, new, old)


def _template(replica_set: Json) -> Json:
    """The deployment's own template: without the hash that tells its pods apart."""
    template: Json = copy.deepcopy(replica_set["spec"]["template"])
    template["metadata"]["labels"].pop(HASH, None)
    return template


def _current(cluster: Cluster, body: Json, new: Json | None, owned: list[Json]) -> Json | None:
    last = max((_revision(each) for each in owned), default=0)
    if new is None:
        new = _create(cluster, body, last + 1)
    elif _revision(new) < last:
        held = cluster.store.get(REPLICA_SET, namespace_of(new), name_of(new))
        held["metadata"].setdefault("annotations", {})[REVISION] = str(last + 1)
        new = cluster.store.put(REPLICA_SET, held)
    if new is not None:
        _annotate(cluster, body, str(_revision(new)))
    return new


def _revision(replica_set: Json) -> int:
    return int((replica_set["metadata"].get("annotations") or {}).get(REVISION, 0))


def _annotate(cluster: Cluster, body: Json, revision: str) -> None:
    held = cluster.store.get(DEPLOYMENT, namespace_of(body), name_of(body))
    if (held["metadata"].get("annotations") or {}).get(REVISION) != revision:
        held["metadata"].setdefault("annotations", {})[REVISION] = revision
        cluster.store.put(DEPLOYMENT, held)


def _create(cluster: Cluster, body: Json, revision: int) -> Json | None:
    template = copy.deepcopy(body["spec"]["template"])
    mark = template_hash(template)
    template["metadata"]["labels"] = {**template["metadata"].get("labels", {}), HASH: mark}
    selector = copy.deepcopy(body["spec"]["selector"])
    selector["matchLabels"] = {**(selector.get("matchLabels") or {}), HASH: mark}
    annotations = {REVISION: str(revision), "deployment.kubernetes.io/desired-replicas": str(body["spec"]["replicas"])}
    metadata = {
        "name": f"{name_of(body)}-{mark}",
        "namespace": namespace_of(body),
        "labels": template["metadata"]["labels"],
    }
    metadata |= {"annotations": annotations, "ownerReferences": [owned_by(body)]}
    spec = {"replicas": 0, "selector": selector, "template": template}
    return cluster.create(
        REPLICA_SET, {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": metadata, "spec": spec}
    )


def _roll(cluster: Cluster, body: Json, new: Json, old: list[Json]) -> None:
    wanted = body["spec"]["replicas"]
    surge, missing = _room(body, wanted)
    total = sum(each["spec"]["replicas"] for each in old)
    if at(body, "spec.strategy.type") == "Recreate":
        surge, missing = 0, wanted
        if any(at(each, "status.replicas", 0) for each in old):
            _scale_down(cluster, body, old, total)
            return
    room = max(wanted + surge - total - new["spec"]["replicas"], 0)
    grown = min(wanted, new["spec"]["replicas"] + room)
    _scale(cluster, body, new, wanted if new["spec"]["replicas"] > wanted else grown)
    available = sum(at(each, "status.availableReplicas", 0) for each in (new, *old))
    unwell = sum(max(each["spec"]["replicas"] - at(each, "status.availableReplicas", 0), 0) for each in old)
    _scale_down(
        cluster, body, old, max(available - (wanted - missing), 0) + (unwell if total > unwell or not available else 0)
    )


def _room(body: Json, wanted: int) -> tuple[int, int]:
    rolling = at(body, "spec.strategy.rollingUpdate", {})
    surge = _number(rolling.get("maxSurge", "25%"), wanted, math.ceil)
    missing = _number(rolling.get("maxUnavailable", "25%"), wanted, math.floor)
    return (surge, missing) if surge or missing else (1, 0)


def _number(value: Any, of: int, rounded: Any) -> int:
    text = str(value)
    return int(rounded(of * int(text[:-1]) / 100)) if text.endswith("%") else int(text)


def _scale_down(cluster: Cluster, body: Json, old: list[Json], allowed: int) -> None:
    for replica_set in sorted(old, key=lambda each: at(each, "status.availableReplicas", 0)):
        cut = min(replica_set["spec"]["replicas"], allowed)
        _scale(cluster, body, replica_set, replica_set["spec"]["replicas"] - cut)
        allowed -= cut


def _scale(cluster: Cluster, body: Json, replica_set: Json, number: int) -> None:
    held = cluster.store.find(REPLICA_SET, namespace_of(replica_set), name_of(replica_set))
    if held is None or held["spec"]["replicas"] == number:
        return
    word = "up" if number > held["spec"]["replicas"] else "down"
    said = f"Scaled {word} replica set {name_of(held)} from {held['spec']['replicas']} to {number}"
    held["spec"]["replicas"] = number
    held["metadata"]["generation"] = held["metadata"].get("generation", 1) + 1
    cluster.store.put(REPLICA_SET, held)
    cluster.events.say(body, "deployment-controller", "ScalingReplicaSet", said)


def _clean(cluster: Cluster, body: Json, old: list[Json]) -> None:
    empty = [each for each in old if not each["spec"]["replicas"] and not at(each, "status.replicas", 0)]
    keep = body["spec"].get("revisionHistoryLimit", 10)
    for replica_set in sorted(empty, key=_revision)[: max(len(empty) - keep, 0)]:
        cluster.store.remove(REPLICA_SET, namespace_of(replica_set), name_of(replica_set))


def _report(cluster: Cluster, body: Json, new: Json | None, old: list[Json]) -> None:
    held = cluster.store.find(DEPLOYMENT, namespace_of(body), name_of(body))
    if held is None:
        return
    sets = [
        cluster.store.find(REPLICA_SET, namespace_of(each), name_of(each)) or each
        for each in (*((new,) if new else ()), *old)
    ]
    wanted = held["spec"]["replicas"]
    available = sum(at(each, "status.availableReplicas", 0) for each in sets)
    updated = at(sets[0], "status.replicas", 0) if new else 0
    total = sum(at(each, "status.replicas", 0) for each in sets)
    counts = {
        "replicas": total, "updatedReplicas": updated, "readyReplicas": available, "availableReplicas": available,
        "unavailableReplicas": max(max(wanted, total) - available, 0),
    }  # fmt: skip
    status: Json = {"observedGeneration": held["metadata"].get("generation", 1)} | {
        k: v for k, v in counts.items() if v
    }
    ready_new = at(sets[0], "status.availableReplicas", 0) if new else 0
    done = bool(new) and updated == wanted == total and ready_new >= wanted
    status["conditions"] = _conditions(cluster, held, counts, done, name_of(new) if new else "")
    write_status(cluster, "Deployment", held, status)


def _conditions(cluster: Cluster, body: Json, counts: dict[str, int], done: bool, name: str) -> list[Json]:
    held = at(body, "status.conditions", [])
    _, missing = _room(body, body["spec"]["replicas"])
    enough = counts["availableReplicas"] >= body["spec"]["replicas"] - missing
    words = ("MinimumReplicasAvailable", "Deployment has minimum availability.")
    if not enough:
        words = ("MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    available = condition("Available", enough, *words) | {"lastUpdateTime": now()}
    return with_condition(with_condition(held, available), _progress(cluster, body, counts, done, name))


def _progress(cluster: Cluster, body: Json, counts: dict[str, int], done: bool, name: str) -> Json:
    last: Json | None = next(
        (each for each in at(body, "status.conditions", []) if each["type"] == "Progressing"), None
    )
    if done:
        said = f'ReplicaSet "{name}" has successfully progressed.'
        return condition("Progressing", True, "NewReplicaSetAvailable", said) | _since(
            last, "NewReplicaSetAvailable", said
        )
    deadline = body["spec"].get("progressDeadlineSeconds", 600)
    before = {key: at(body, f"status.{key}", 0) for key in ("updatedReplicas", "readyReplicas")}
    moved = any(counts[key] > before[key] for key in before) or not last or last["reason"] == "NewReplicaSetAvailable"
    late = (
        not moved and last is not None and (last["status"] == "False" or _elapsed(last["lastUpdateTime"]) >= deadline)
    )
    if late:
        said = f'ReplicaSet "{name}" has timed out progressing.'
        return condition("Progressing", False, "ProgressDeadlineExceeded", said) | _since(
            last, "ProgressDeadlineExceeded", said
        )
    if moved:
        cluster.look_again(deadline + 1)
    said = f'ReplicaSet "{name}" is progressing.'
    made = condition("Progressing", True, "ReplicaSetUpdated", said)
    return made | ({"lastUpdateTime": now()} if moved or not last else {"lastUpdateTime": last["lastUpdateTime"]})


def _since(last: Json | None, reason: str, said: str) -> Json:
    kept = last is not None and (last["reason"], last.get("message")) == (reason, said)
    return {"lastUpdateTime": last["lastUpdateTime"] if kept and last else now()}


def _elapsed(text: str) -> float:
    return (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(text)).total_seconds()
