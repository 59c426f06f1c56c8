"""Pod disruption budgets: how many pods may be evicted, and the evictions that ask."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import (
    at,
    controller_of,
    is_going,
    labels_of,
    name_of,
    namespace_of,
    ready,
    uid_of,
)
from magnumctl.sandbox.nodes.kubernetes.pods import POD, living, write_status
from magnumctl.sandbox.nodes.kubernetes.selectors import chosen
from magnumctl.sandbox.nodes.kubernetes.writes import Deletion, Target

BUDGET = find_built_in("PodDisruptionBudget")
SCALED = tuple(map(find_built_in, ("ReplicaSet", "StatefulSet", "ReplicationController")))
VIOLATED = "Cannot evict pod as it would violate the pod's disruption budget."
TWO_BUDGETS = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."


def control_budgets(cluster: Cluster) -> None:
    for budget in tuple(cluster.store.peek(BUDGET)):
        write_status(cluster, "PodDisruptionBudget", budget, _status(cluster, budget))


def evict(cluster: Cluster, target: Target, body: Json) -> None:
    """Raises 429, with the budget that stands in the way, as kube-apiserver does."""
    options = body.get("deleteOptions") or {}
    how = Deletion(options.get("gracePeriodSeconds"), uid=at(options, "preconditions.uid", ""))
    with cluster.lock:
        pod = cluster.store.get(target.kind, target.namespace, target.name)
        budgets = [] if _needs_no_budget(pod) else _budgets_of(cluster, pod)
        if len(budgets) > 1:
            raise ApiError(500, "InternalError", TWO_BUDGETS)
        for budget in budgets:
            _ask(cluster, budget, pod)
        cluster.writes.delete(Target(POD, target.namespace, target.name), how)


def _needs_no_budget(pod: Json) -> bool:
    return is_going(pod) or at(pod, "status.phase") in {"Succeeded", "Failed", "Pending"}


def _budgets_of(cluster: Cluster, pod: Json) -> list[Json]:
    return [budget for budget in cluster.store.peek(BUDGET, namespace_of(pod)) if _covers(budget, pod)]


def _covers(budget: Json, pod: Json) -> bool:
    return chosen(at(budget, "spec.selector", {}), labels_of(pod))


def _ask(cluster: Cluster, budget: Json, pod: Json) -> None:
    status = _status(cluster, budget)
    if not ready(pod) and (status["currentHealthy"] >= status["desiredHealthy"] > 0 or _takes_unwell(budget)):
        return
    if status["disruptionsAllowed"] < 1:
        needs, has = status["desiredHealthy"], status["currentHealthy"]
        said = f"The disruption budget {name_of(budget)} needs {needs} healthy pods and has {has} currently"
        raise ApiError(429, "TooManyRequests", VIOLATED, {"causes": [{"reason": "DisruptionBudget", "message": said}]})


def _takes_unwell(budget: Json) -> bool:
    return bool(at(budget, "spec.unhealthyPodEvictionPolicy") == "AlwaysAllow")


def _status(cluster: Cluster, budget: Json) -> Json:
    pods = living([pod for pod in cluster.store.peek(POD, namespace_of(budget)) if _covers(budget, pod)])
    expected = _expected(cluster, pods)
    healthy, desired = sum(ready(pod) for pod in pods), _desired(budget["spec"], expected, len(pods))
    return {
        "expectedPods": expected, "currentHealthy": healthy, "desiredHealthy": desired,
        "disruptionsAllowed": max(healthy - desired, 0) if expected else 0,
        "observedGeneration": at(budget, "metadata.generation", 1),
    }  # fmt: skip


def _expected(cluster: Cluster, pods: Sequence[Json]) -> int:
    """As many as their controllers want; pods without one count as they are."""
    owners = {controller_of(pod) for pod in pods} - {""}
    held: dict[str, int] = {
        uid_of(body): body["spec"]["replicas"] for kind in SCALED for body in cluster.store.peek(kind)
    }
    return sum(held.get(owner, 0) for owner in owners) + sum(controller_of(pod) not in held for pod in pods)


def _desired(spec: Json, expected: int, present: int) -> int:
    if "maxUnavailable" in spec:
        return max(expected - _number(spec["maxUnavailable"], expected), 0)
    wanted = spec.get("minAvailable", 1)
    return _number(wanted, expected if isinstance(wanted, str) else present)


def _number(value: Any, of: int) -> int:
    text = str(value)
    return math.ceil(of * int(text[:-1]) / 100) if text.endswith("%") else int(text)
