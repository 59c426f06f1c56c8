"""Endpoints and EndpointSlices: which ready pods stand behind a service."""

from __future__ import annotations

from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind, find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import (
    at,
    is_going,
    labels_of,
    name_of,
    namespace_of,
    owned_by,
    ready,
    uid_of,
)
from magnumctl.sandbox.nodes.kubernetes.pods import POD
from magnumctl.sandbox.nodes.kubernetes.selectors import chosen

SERVICE, ENDPOINTS, SLICE = (find_built_in(name) for name in ("Service", "Endpoints", "EndpointSlice"))


def control_endpoints(cluster: Cluster) -> None:
    for service in tuple(cluster.store.peek(SERVICE)):
        if service["spec"].get("selector") and not is_going(service):
            _maintain(cluster, service)
    names = {(namespace_of(each), name_of(each)) for each in cluster.store.peek(SERVICE)}
    for endpoints in tuple(cluster.store.peek(ENDPOINTS)):
        if (namespace_of(endpoints), name_of(endpoints)) not in names:
            cluster.store.remove(ENDPOINTS, namespace_of(endpoints), name_of(endpoints))


def _maintain(cluster: Cluster, service: Json) -> None:
    selector = {"matchLabels": service["spec"]["selector"]}
    pods = [
        pod
        for pod in cluster.store.peek(POD, namespace_of(service))
        if chosen(selector, labels_of(pod)) and at(pod, "status.podIP") and not is_going(pod)
    ]
    pods = [pod for pod in pods if at(pod, "status.phase") not in {"Succeeded", "Failed"}]
    _put(cluster, ENDPOINTS, _endpoints(service, pods))
    _put(cluster, SLICE, _slice(cluster, service, pods))


def _put(cluster: Cluster, kind: Kind, wish: Json) -> None:
    held = cluster.store.find(kind, namespace_of(wish), name_of(wish))
    if held is None:
        cluster.create(kind, wish)
        return
    after = held | {name: value for name, value in wish.items() if name != "metadata"}
    if after != held:
        cluster.store.put(kind, after)


def _target(pod: Json) -> Json:
    return {"kind": "Pod", "name": name_of(pod), "namespace": namespace_of(pod), "uid": uid_of(pod)}


def _ports(service: Json, pods: list[Json]) -> list[Json]:
    return [
        {"name": port.get("name", ""), "port": number, "protocol": port.get("protocol", "TCP")}
        for port in service["spec"].get("ports") or ()
        if (number := _number(port, pods)) is not None
    ]


def _number(port: Json, pods: list[Json]) -> int | None:
    target: Any = port.get("targetPort", port.get("port"))
    if isinstance(target, int):
        return target
    named = (
        each["containerPort"]
        for pod in pods
        for container in pod["spec"]["containers"]
        for each in container.get("ports") or ()
        if each.get("name") == target
    )
    return next(named, None)


def _bare(port: Json) -> Json:
    return {name: value for name, value in port.items() if value != ""}


def _endpoints(service: Json, pods: list[Json]) -> Json:
    ports = [_bare(port) for port in _ports(service, pods)]
    groups = {
        "addresses": [pod for pod in pods if ready(pod)],
        "notReadyAddresses": [pod for pod in pods if not ready(pod)],
    }
    shown: Json = {name: [_address(pod) for pod in each] for name, each in groups.items() if each}
    subsets = [shown | {"ports": ports}] if shown and ports else []
    metadata = {"name": name_of(service), "namespace": namespace_of(service), "labels": dict(labels_of(service))}
    return {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata} | (
        {"subsets": subsets} if subsets else {"subsets": []}
    )


def _address(pod: Json) -> Json:
    return {"ip": pod["status"]["podIP"], "nodeName": pod["spec"]["nodeName"], "targetRef": _target(pod)}


def _slice(cluster: Cluster, service: Json, pods: list[Json]) -> Json:
    held = [each for each in cluster.store.peek(SLICE, namespace_of(service)) if _serves(each, service)]
    name = name_of(held[0]) if held else f"{name_of(service)}-{uid_of(service)[:5]}"
    labels = {**labels_of(service), "kubernetes.io/service-name": name_of(service)}
    labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io"
    metadata = {
        "name": name,
        "namespace": namespace_of(service),
        "labels": labels,
        "ownerReferences": [owned_by(service)],
    }
    endpoints = [_endpoint(pod) for pod in pods]
    head = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": metadata, "addressType": "IPv4"}
    return head | {"endpoints": endpoints, "ports": _ports(service, pods)}


def _serves(endpoint_slice: Json, service: Json) -> bool:
    return labels_of(endpoint_slice).get("kubernetes.io/service-name") == name_of(service)


def _endpoint(pod: Json) -> Json:
    state = {"ready": ready(pod), "serving": ready(pod), "terminating": is_going(pod)}
    place = {"addresses": [pod["status"]["podIP"]], "nodeName": pod["spec"]["nodeName"], "targetRef": _target(pod)}
    return place | {"conditions": state}
