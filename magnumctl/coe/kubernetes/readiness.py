"""How far an object in the bay has come, in one word and Kubernetes' own reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from magnumctl.coe.contract import WorkloadState
from magnumctl.manifests.marks import TEMPLATE

from .conditions import condition
from .pod_readiness import CANNOT_HEAL, QUICK_TO_HEAL, READY, Readiness, pod_readiness

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """`pods` are those of ours in the namespace, `ready_behind` how many ready pods the service selects."""

    pods: Sequence[Json] = ()
    ready_behind: int = 0


def readiness(kind: str, body: Json, around: Surroundings) -> Readiness:
    """A kind without a rule is ready once it exists."""
    if "deletionTimestamp" in body["metadata"]:
        return Readiness("waiting", "is being deleted")
    rule = RULES.get(kind)
    return rule(body, around) if rule else READY


def of_pod(body: Json, around: Surroundings) -> Readiness:  # noqa: ARG001 one shape for all rules
    return pod_readiness(body)


def of_deployment(body: Json, around: Surroundings) -> Readiness:
    status, wanted = body.get("status") or {}, body["spec"].get("replicas", 1)
    if is_unseen(body):
        return Readiness("waiting", "the rollout has not begun")
    if status.get("updatedReplicas", 0) >= wanted and status.get("availableReplicas", 0) >= wanted:
        return READY if status.get("replicas", 0) <= wanted else Readiness("waiting", "old pods are going")
    failure, progress = condition(body, "ReplicaFailure"), condition(body, "Progressing")
    if failure.status == "True":
        return Readiness("failed", failure.message, QUICK_TO_HEAL)
    trouble = worst_of_pods(body, around)
    if progress.reason == "ProgressDeadlineExceeded" and trouble.state != "failed":
        return Readiness("failed", trouble.message or progress.message, CANNOT_HEAL)
    return counted(trouble, status.get("availableReplicas", 0), wanted)


def of_stateful_set(body: Json, around: Surroundings) -> Readiness:
    status, wanted = body.get("status") or {}, body["spec"].get("replicas", 1)
    rolled = status.get("currentRevision") == status.get("updateRevision")
    if not is_unseen(body) and rolled and status.get("readyReplicas", 0) >= wanted:
        return READY
    return counted(worst_of_pods(body, around), status.get("readyReplicas", 0), wanted)


def of_daemon_set(body: Json, around: Surroundings) -> Readiness:
    status = body.get("status") or {}
    wanted = status.get("desiredNumberScheduled", 0)
    if not is_unseen(body) and min(status.get("numberReady", 0), status.get("updatedNumberScheduled", 0)) >= wanted:
        return READY
    return counted(worst_of_pods(body, around), status.get("numberReady", 0), wanted)


def of_job(body: Json, around: Surroundings) -> Readiness:
    if condition(body, "Complete").status == "True":
        return Readiness("ready", "completed")
    failed = condition(body, "Failed")
    return Readiness("failed", failed.message, CANNOT_HEAL) if failed.status == "True" else worst_of_pods(body, around)


def of_service(body: Json, around: Surroundings) -> Readiness:
    """A service is there as soon as it exists; that nothing stands behind it is worth a word."""
    spec, status = body["spec"], body.get("status") or {}
    if spec.get("selector") and around.ready_behind == 0:
        selector = ",".join(f"{key}={value}" for key, value in spec["selector"].items())
        return Readiness("ready", f"no endpoints: no ready pod has {selector}")
    if spec.get("type") == "LoadBalancer" and not (status.get("loadBalancer") or {}).get("ingress"):
        return Readiness("ready", "has no external address yet")
    return READY


def of_definition(body: Json, around: Surroundings) -> Readiness:  # noqa: ARG001
    established = condition(body, "Established")
    return READY if established.status == "True" else Readiness("waiting", established.message or "not established yet")


RULES: Mapping[str, Callable[[Json, Surroundings], Readiness]] = {
    "Pod": of_pod,
    "Deployment": of_deployment,
    "ReplicaSet": of_stateful_set,
    "StatefulSet": of_stateful_set,
    "DaemonSet": of_daemon_set,
    "Job": of_job,
    "Service": of_service,
    "CustomResourceDefinition": of_definition,
}


def is_unseen(body: Json) -> bool:
    """The controller has not looked at this version yet: its counts are of the last one."""
    observed: int = (body.get("status") or {}).get("observedGeneration", 0)
    return observed < int(body["metadata"].get("generation", 1))


def counted(trouble: Readiness, have: int, wanted: int) -> Readiness:
    state: WorkloadState = "waiting" if trouble.state == "ready" else trouble.state
    count = f"{have} of {wanted} ready"
    return Readiness(state, f"{count}: {trouble.message}" if trouble.message else count, trouble.patience)


def worst_of_pods(body: Json, around: Surroundings) -> Readiness:
    """Of the pods of this rollout: those of the last one are on their way out."""
    found = [pod_readiness(pod) for pod in around.pods if is_of(body, pod)]
    failed = next((each for each in found if each.state == "failed"), None)
    waiting = next((each for each in found if each.state == "waiting" and each.message), None)
    return failed or waiting or Readiness("waiting")


def is_of(body: Json, pod: Json) -> bool:
    template = body["spec"]["template"]["metadata"].get("annotations") or {}
    annotations = pod["metadata"].get("annotations") or {}
    wanted = (body["spec"].get("selector") or {}).get("matchLabels") or {}
    labels = pod["metadata"].get("labels") or {}
    return annotations.get(TEMPLATE) == template.get(TEMPLATE) and wanted.items() <= labels.items()
