"""DaemonSets: a pod on each node that may have one."""

from __future__ import annotations

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import at, is_going, labels_of, name_of, ready
from magnumctl.sandbox.nodes.kubernetes.placement import matches_selector, tolerates
from magnumctl.sandbox.nodes.kubernetes.pods import create_pod, delete_pod, living, pods_of, template_hash, write_status

DAEMON_SET, NODE = find_built_in("DaemonSet"), find_built_in("Node")
HASH = "controller-revision-hash"
BORNE = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "node.kubernetes.io/unschedulable")


def control_daemon_sets(cluster: Cluster) -> None:
    for body in tuple(cluster.store.peek(DAEMON_SET)):
        mark = template_hash(body["spec"]["template"])
        if not is_going(body):
            _place(cluster, body, mark)
        _report(cluster, body, mark)


def _wanted(cluster: Cluster, body: Json) -> list[str]:
    spec = body["spec"]["template"]["spec"]
    return [
        name_of(node)
        for node in cluster.store.peek(NODE)
        if matches_selector(spec, node) and tolerates(spec, node, BORNE)
    ]


def _place(cluster: Cluster, body: Json, mark: str) -> None:
    wanted = _wanted(cluster, body)
    pods = living(pods_of(cluster, body))
    for pod in pods:
        if pod["spec"].get("nodeName") not in wanted:
            delete_pod(cluster, pod)
    stale = [pod for pod in pods if labels_of(pod).get(HASH) != mark]
    if stale and all(ready(pod) or pod in stale for pod in pods):
        delete_pod(cluster, stale[0])
    placed = {pod["spec"].get("nodeName") for pod in pods_of(cluster, body)}
    for node in wanted:
        if node not in placed:
            create_pod(cluster, body, _marked(body["spec"]["template"], mark), nodeName=node)


def _marked(template: Json, mark: str) -> Json:
    metadata = template.get("metadata") or {}
    return template | {"metadata": metadata | {"labels": {**(metadata.get("labels") or {}), HASH: mark}}}


def _report(cluster: Cluster, body: Json, mark: str) -> None:
    pods = living(pods_of(cluster, body))
    number, desired = sum(ready(pod) for pod in pods), len(_wanted(cluster, body))
    status = {
        "currentNumberScheduled": len(pods), "desiredNumberScheduled": desired, "numberMisscheduled": 0,
        "numberReady": number, "numberAvailable": number, "numberUnavailable": max(desired - number, 0),
        "updatedNumberScheduled": sum(labels_of(pod).get(HASH) == mark for pod in pods),
        "observedGeneration": at(body, "metadata.generation", 1),
    }  # fmt: skip
    write_status(cluster, "DaemonSet", body, status)
