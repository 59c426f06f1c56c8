"""Jobs: pods until enough of them succeeded, or too many failed."""

from __future__ import annotations

import copy

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import at, condition, is_going, name_of, now, ready, uid_of
from magnumctl.sandbox.nodes.kubernetes.pods import create_pod, delete_pod, living, pods_of, write_status

JOB = find_built_in("Job")


def control_jobs(cluster: Cluster) -> None:
    for body in tuple(cluster.store.peek(JOB)):
        if not is_going(body) and not _ended(body):
            _advance(cluster, body)


def _ended(body: Json) -> bool:
    return any(each["status"] == "True" and each["type"] != "Suspended" for each in at(body, "status.conditions", []))


def _advance(cluster: Cluster, body: Json) -> None:
    pods = pods_of(cluster, body)
    phases = [at(pod, "status.phase") for pod in pods]
    succeeded, failed = phases.count("Succeeded"), phases.count("Failed")
    restarts = sum(each["restartCount"] for pod in pods for each in at(pod, "status.containerStatuses", []))
    active = living(pods)
    spec = body["spec"]
    over = max(failed, restarts) > spec["backoffLimit"]
    if over or spec.get("suspend"):
        for pod in active:
            delete_pod(cluster, pod)
        active = []
    elif succeeded < spec["completions"]:
        for _ in range(min(spec["parallelism"], spec["completions"] - succeeded) - len(active)):
            create_pod(cluster, body, _marked(body))
    _report(cluster, body, (succeeded, failed), over)


def _marked(body: Json) -> Json:
    template: Json = copy.deepcopy(body["spec"]["template"])
    marks = {"batch.kubernetes.io/job-name": name_of(body), "batch.kubernetes.io/controller-uid": uid_of(body)}
    marks |= {"job-name": name_of(body), "controller-uid": uid_of(body)}
    metadata = template.setdefault("metadata", {})
    metadata["labels"] = {**(metadata.get("labels") or {}), **marks}
    return template


def _report(cluster: Cluster, body: Json, ended: tuple[int, int], over: bool) -> None:
    active, (succeeded, failed) = living(pods_of(cluster, body)), ended
    counts = {"active": len(active), "succeeded": succeeded, "failed": failed}
    status: Json = {"startTime": at(body, "status.startTime") or now(), "ready": sum(ready(pod) for pod in active)}
    status |= {name: number for name, number in counts.items() if number}
    if succeeded >= body["spec"]["completions"]:
        status["completionTime"] = now()
        status["conditions"] = [
            condition("Complete", True, "CompletionsReached", "Reached expected number of succeeded pods")
        ]
        cluster.events.say(body, "job-controller", "Completed", "Job completed")
    elif over:
        said = "Job has reached the specified backoff limit"
        status["conditions"] = [condition("Failed", True, "BackoffLimitExceeded", said)]
        cluster.events.say(body, "job-controller", "BackoffLimitExceeded", said, warning=True)
    write_status(cluster, "Job", body, status)
