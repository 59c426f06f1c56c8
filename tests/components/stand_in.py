"""The kubelet and the controllers of a bay without any: a thread that plays them over the API, as far as tests look."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from magnumctl.coe.kubernetes.refusal import Refused
from magnumctl.coe.kubernetes.transport import Transport
from magnumctl.errors import CoeUnreachableError

Json = Mapping[str, Any]
FORCE = "?fieldManager=stand-in&force=true"
SECONDS = 0.1


class StandIn:
    """Runs while it is entered. `nodes` are the Kubernetes names of the nodes that it plays."""

    def __init__(self, api: Transport, nodes: tuple[str, ...]) -> None:
        self._api = api
        self._nodes = nodes
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        for name in self._nodes:
            self._join(name)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(10)

    def _join(self, name: str) -> None:
        self._put("/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}})
        ready = {
            "type": "Ready",
            "status": "True",
            "reason": "KubeletReady",
            "message": "kubelet is posting ready status",
        }
        self._put_status(f"/api/v1/nodes/{name}", "v1", "Node", {"conditions": [ready]})

    def _run(self) -> None:
        while not self._over.wait(SECONDS):
            for turn in (self._accounts, self._deployments, self._pods):
                try:
                    turn()
                except (Refused, CoeUnreachableError):
                    continue  # somebody deleted it meanwhile: the next turn looks again

    def _items(self, path: str) -> list[Json]:
        return list(self._api.get(path)["items"])

    def _put(self, path: str, body: Json) -> None:
        self._api.apply(f"{path}/{quote(body['metadata']['name'])}{FORCE}", body)

    def _put_status(self, path: str, version: str, kind: str, status: Json) -> None:
        name = path.rpartition("/")[2]
        self._api.apply(
            f"{path}/status{FORCE}", {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "status": status}
        )

    def _accounts(self) -> None:
        for namespace in self._items("/api/v1/namespaces"):
            account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
            self._put(f"/api/v1/namespaces/{namespace['metadata']['name']}/serviceaccounts", account)

    def _deployments(self) -> None:
        pods = self._items("/api/v1/pods")
        for deployment in self._items("/apis/apps/v1/deployments"):
            self._roll(deployment, [pod for pod in pods if is_owned(pod, deployment)])
        known = {each["metadata"]["uid"] for each in self._items("/apis/apps/v1/deployments")}
        for pod in pods:
            owners = pod["metadata"].get("ownerReferences", ())
            if owners and not {owner["uid"] for owner in owners} & known:
                self._remove(pod)

    def _roll(self, deployment: Json, pods: list[Json]) -> None:
        meta, wanted = deployment["metadata"], deployment["spec"]["replicas"]
        names = [f"{meta['name']}-{template_hash(deployment)}-{number}" for number in range(wanted)]
        for name in names:
            if name not in {pod["metadata"]["name"] for pod in pods}:
                self._put(f"/api/v1/namespaces/{meta['namespace']}/pods", pod_of(deployment, name))
        for pod in pods:
            if pod["metadata"]["name"] not in names:
                self._remove(pod)
        ready = sum(is_ready(pod) for pod in pods if pod["metadata"]["name"] in names)
        status = {"observedGeneration": meta["generation"], "replicas": len(pods), "updatedReplicas": wanted}
        status |= {"availableReplicas": ready, "readyReplicas": ready}
        self._put_status(path_of("/apis/apps/v1", deployment, "deployments"), "apps/v1", "Deployment", status)

    def _remove(self, pod: Json) -> None:
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0}
        self._api.delete(path_of("/api/v1", pod, "pods"), options)

    def _pods(self) -> None:
        for pod in self._items("/api/v1/pods"):
            if "deletionTimestamp" in pod["metadata"]:
                self._remove(pod)
            elif pod["spec"].get("nodeSelector"):
                self._put_status(path_of("/api/v1", pod, "pods"), "v1", "Pod", UNSCHEDULABLE)
            elif not pod["spec"].get("nodeName"):
                self._bind(pod)
            else:
                self._put_status(path_of("/api/v1", pod, "pods"), "v1", "Pod", status_of(pod))

    def _bind(self, pod: Json) -> None:
        node = self._nodes[int(hashlib.sha256(pod["metadata"]["uid"].encode()).hexdigest(), 16) % len(self._nodes)]
        target = {"apiVersion": "v1", "kind": "Node", "name": node}
        body = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": pod["metadata"]["name"]}, "target": target}
        self._api._ask("POST", path_of("/api/v1", pod, "pods") + "/binding", {"Content-Type": "application/json"}, body)


UNSCHEDULABLE = {
    "phase": "Pending",
    "conditions": [
        {
            "type": "PodScheduled",
            "status": "False",
            "reason": "Unschedulable",
            "message": "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
        }
    ],
}


def path_of(base: str, body: Json, plural: str) -> str:
    meta = body["metadata"]
    return f"{base}/namespaces/{meta['namespace']}/{plural}/{meta['name']}"


def is_owned(pod: Json, deployment: Json) -> bool:
    return any(owner["uid"] == deployment["metadata"]["uid"] for owner in pod["metadata"].get("ownerReferences", ()))


def is_ready(pod: Json) -> bool:
    conditions = pod.get("status", {}).get("conditions", ())
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def template_hash(deployment: Json) -> str:
    return hashlib.sha256(json.dumps(deployment["spec"]["template"], sort_keys=True).encode()).hexdigest()[:10]


def pod_of(deployment: Json, name: str) -> Json:
    meta, template = deployment["metadata"], deployment["spec"]["template"]
    owner = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
    }
    kept = {key: template["metadata"].get(key, {}) for key in ("labels", "annotations")}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**kept, "name": name, "ownerReferences": [owner]},
        "spec": template["spec"],
    }


def status_of(pod: Json) -> Json:
    states = [container_status(each) for each in pod["spec"]["containers"]]
    ready = "True" if all(each["ready"] for each in states) else "False"
    conditions = [{"type": kind, "status": ready} for kind in ("Ready", "ContainersReady")]
    return {
        "phase": "Running",
        "conditions": [{"type": "PodScheduled", "status": "True"}, *conditions],
        "containerStatuses": states,
    }


def container_status(container: Json) -> Json:
    """A kubelet's word on an image that is not there, on a command that fails, on one that runs."""
    base = {"name": container["name"], "image": container["image"], "imageID": "", "ready": False, "restartCount": 0}
    if "no-such" in container["image"]:
        message = f'Back-off pulling image "{container["image"]}"'
        return {**base, "state": {"waiting": {"reason": "ImagePullBackOff", "message": message}}}
    if "exit 3" in " ".join(container.get("command", ())):
        ended = {"exitCode": 3, "reason": "Error", "message": "no disk\n"}
        waiting = {"reason": "CrashLoopBackOff", "message": "back-off 40s restarting failed container"}
        return {**base, "restartCount": 4, "state": {"waiting": waiting}, "lastState": {"terminated": ended}}
    return {**base, "ready": True, "state": {"running": {}}}
