"""The state of Kubernetes objects in one word and a reason."""

from __future__ import annotations

from typing import Any

import pytest

from magnumctl.coe.kubernetes.pod_readiness import pod_readiness
from magnumctl.coe.kubernetes.readiness import Surroundings, readiness

Json = dict[str, Any]


def pod(**status: Any) -> Json:
    return {"metadata": {"name": "p", "labels": {"app": "d"}}, "spec": {"nodeName": "n"}, "status": status}


def waiting(reason: str, message: str = "", **fields: Any) -> Json:
    state = {"name": "c", "image": "nginx:9", "state": {"waiting": {"reason": reason, "message": message}}, **fields}
    return pod(phase="Pending", containerStatuses=[state])


def crashed(times: int) -> Json:
    ended = {"terminated": {"exitCode": 3, "reason": "Error", "message": "no disk\n"}}
    return waiting("CrashLoopBackOff", restartCount=times, lastState=ended)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (pod(phase="Succeeded"), ("ready", "completed")),
        (pod(phase="Running", conditions=[{"type": "Ready", "status": "True"}]), ("ready", "")),
        (pod(phase="Failed", reason="Evicted", message="low on memory"), ("failed", "low on memory")),
        (waiting("ContainerCreating"), ("waiting", "starting")),
        (waiting("ErrImagePull", "denied"), ("failed", "image nginx:9 cannot be pulled: denied")),
        (waiting("ImagePullBackOff"), ("failed", "image nginx:9 cannot be pulled: ImagePullBackOff")),
        (waiting("CreateContainerConfigError", "no secret s"), ("failed", "container c: no secret s")),
        (crashed(1), ("waiting", "container c crashed once: exit code 3, no disk")),
        (crashed(4), ("failed", "container c crashed 4 times: exit code 3, no disk")),
    ],
)
def test_a_pod_says_what_holds_it_up(body: Json, expected: tuple[str, str]) -> None:
    """Kubernetes' own reason, in one line."""
    found = pod_readiness(body)
    assert (found.state, found.message) == expected


def test_a_pod_that_is_not_scheduled_has_the_scheduler_s_words() -> None:
    """A pod without a node says why it has none."""
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}
    body = {"metadata": {}, "spec": {}, "status": {"phase": "Pending", "conditions": [condition]}}
    assert pod_readiness(body).message == "not scheduled: 0/3 nodes"


def deployment(generation: int = 2, **status: Any) -> Json:
    template = {"metadata": {"labels": {"app": "d"}, "annotations": {"magnumctl.io/template": "new"}}}
    spec = {"replicas": 2, "selector": {"matchLabels": {"app": "d"}}, "template": template}
    return {"metadata": {"name": "d", "generation": generation}, "spec": spec, "status": status}


def of_rollout(body: Json, rollout: str) -> Json:
    return {**body, "metadata": {**body["metadata"], "annotations": {"magnumctl.io/template": rollout}}}


OVER_QUOTA = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}
DONE = {"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (deployment(**DONE), ("ready", "")),
        (deployment(generation=3, **DONE), ("waiting", "the rollout has not begun")),
        (deployment(**{**DONE, "replicas": 3}), ("waiting", "old pods are going")),
        (deployment(**{**DONE, "availableReplicas": 1}), ("waiting", "1 of 2 ready")),
        (
            deployment(observedGeneration=2, conditions=[OVER_QUOTA]),
            ("failed", "exceeded quota"),
        ),
    ],
)
def test_a_deployment_is_ready_when_its_newest_pods_are(body: Json, expected: tuple[str, str]) -> None:
    """Counts of the last generation count for nothing."""
    found = readiness("Deployment", body, Surroundings())
    assert (found.state, found.message) == expected


def test_only_the_pods_of_this_rollout_give_the_reason() -> None:
    """A crash loop that the change repairs does not fail the change."""
    crashing = crashed(9)
    body = deployment(**{**DONE, "availableReplicas": 1})
    old = readiness("Deployment", body, Surroundings(pods=[of_rollout(crashing, "old")]))
    new = readiness("Deployment", body, Surroundings(pods=[of_rollout(crashing, "new")]))
    assert (old.state, new.state) == ("waiting", "failed")
    assert new.message == "1 of 2 ready: container c crashed 9 times: exit code 3, no disk"


@pytest.mark.parametrize(
    ("kind", "body", "state"),
    [
        ("ConfigMap", {"metadata": {}}, "ready"),
        ("ConfigMap", {"metadata": {"deletionTimestamp": "now"}}, "waiting"),
        ("Job", {"metadata": {}, "status": {"conditions": [{"type": "Complete", "status": "True"}]}}, "ready"),
        ("Job", {"metadata": {}, "status": {"conditions": [{"type": "Failed", "status": "True"}]}}, "failed"),
        ("DaemonSet", {"metadata": {}, "status": {"observedGeneration": 1, "desiredNumberScheduled": 0}}, "ready"),
        ("Service", {"metadata": {}, "spec": {"type": "LoadBalancer"}}, "ready"),
    ],
)
def test_every_other_kind_has_its_rule_or_is_ready_by_being_there(kind: str, body: Json, state: str) -> None:
    """Kinds that nobody waits for are ready at once."""
    assert readiness(kind, body, Surroundings()).state == state
