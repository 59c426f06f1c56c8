"""ReplicaSets: as many pods as asked, the least useful ones go first."""

from __future__ import annotations

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import at, is_going, ready
from magnumctl.sandbox.nodes.kubernetes.pods import create_pod, delete_pod, living, pods_of, write_status

REPLICA_SET = find_built_in("ReplicaSet")


def control_replica_sets(cluster: Cluster) -> None:
    for body in tuple(cluster.store.peek(REPLICA_SET)):
        if not is_going(body):
            _scale(cluster, body)
        _report(cluster, body)


def _scale(cluster: Cluster, body: Json) -> None:
    pods = living(pods_of(cluster, body))
    wanted = body["spec"].get("replicas", 1)
    for _ in range(wanted - len(pods)):
        if create_pod(cluster, body, body["spec"]["template"]) is None:
            break
    for pod in sorted(pods, key=_worth)[: max(len(pods) - wanted, 0)]:
        delete_pod(cluster, pod)


def _worth(pod: Json) -> tuple[bool, bool, str]:
    """Unscheduled before unready before young."""
    young = "".join(chr(255 - ord(each)) for each in pod["metadata"]["creationTimestamp"])
    return bool(at(pod, "spec.nodeName")), ready(pod), young


def _report(cluster: Cluster, body: Json) -> None:
    pods = living(pods_of(cluster, body))
    number = sum(ready(pod) for pod in pods)
    status: Json = {
        "replicas": len(pods),
        "fullyLabeledReplicas": len(pods),
        "observedGeneration": at(body, "metadata.generation", 1),
    }
    status |= {"readyReplicas": number, "availableReplicas": number} if number else {}
    write_status(cluster, "ReplicaSet", body, status)
