"""StatefulSets: numbered pods, one after the other."""

from __future__ import annotations

import copy

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import at, is_going, labels_of, name_of, namespace_of, ready
from magnumctl.sandbox.nodes.kubernetes.pods import create_pod, delete_pod, pods_of, template_hash, write_status

STATEFUL_SET, CLAIM = find_built_in("StatefulSet"), find_built_in("PersistentVolumeClaim")
HASH = "controller-revision-hash"
INDEX = "apps.kubernetes.io/pod-index"


def control_stateful_sets(cluster: Cluster) -> None:
    for body in tuple(cluster.store.peek(STATEFUL_SET)):
        mark = f"{name_of(body)}-{template_hash(body['spec']['template'])}"
        if not is_going(body):
            _place(cluster, body, mark)
        _report(cluster, body, mark)


def _number(pod: Json) -> int:
    return int(name_of(pod).rpartition("-")[2])


def _place(cluster: Cluster, body: Json, mark: str) -> None:
    pods = {_number(pod): pod for pod in pods_of(cluster, body)}
    wanted = body["spec"]["replicas"]
    together = body["spec"].get("podManagementPolicy") == "Parallel"
    for number in range(wanted):
        if number not in pods:
            _create(cluster, body, number, mark)
        if not together and not (number in pods and ready(pods[number]) and not is_going(pods[number])):
            return
    extra = sorted((number for number in pods if number >= wanted), reverse=True)
    stale = sorted((n for n, pod in pods.items() if n < wanted and labels_of(pod).get(HASH) != mark), reverse=True)
    for number in [*(extra if together else extra[:1]), *(stale[:1] if not extra else ())]:
        delete_pod(cluster, pods[number])


def _create(cluster: Cluster, body: Json, number: int, mark: str) -> None:
    template = copy.deepcopy(body["spec"]["template"])
    name = f"{name_of(body)}-{number}"
    marks = {HASH: mark, INDEX: str(number), "statefulset.kubernetes.io/pod-name": name}
    template["metadata"]["labels"] = {**(template["metadata"].get("labels") or {}), **marks}
    volumes = template["spec"].get("volumes") or []
    for claim in body["spec"].get("volumeClaimTemplates") or ():
        claimed = f"{claim['metadata']['name']}-{name}"
        _claim(cluster, body, claim, claimed)
        volumes = [*volumes, {"name": claim["metadata"]["name"], "persistentVolumeClaim": {"claimName": claimed}}]
    template["spec"]["volumes"] = volumes
    create_pod(cluster, body, template, name, hostname=name, subdomain=body["spec"].get("serviceName", ""))


def _claim(cluster: Cluster, body: Json, template: Json, name: str) -> None:
    if cluster.store.find(CLAIM, namespace_of(body), name) is None:
        metadata = {"name": name, "namespace": namespace_of(body), "labels": at(template, "metadata.labels", {})}
        wish = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": template["spec"]}
        cluster.create(CLAIM, copy.deepcopy(wish))


def _report(cluster: Cluster, body: Json, mark: str) -> None:
    pods = pods_of(cluster, body)
    number = sum(ready(pod) for pod in pods)
    updated = sum(labels_of(pod).get(HASH) == mark for pod in pods)
    done = updated == len(pods) == number == body["spec"]["replicas"]
    status = {
        "replicas": len(pods), "readyReplicas": number, "availableReplicas": number, "updatedReplicas": updated,
        "currentReplicas": updated, "updateRevision": mark,
        "currentRevision": mark if done else at(body, "status.currentRevision", mark), "collisionCount": 0,
        "observedGeneration": at(body, "metadata.generation", 1),
    }  # fmt: skip
    write_status(cluster, "StatefulSet", body, status)
