"""What became of the pods and services in the bay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from magnumctl.coe.contract import Kind, WorkloadState, WorkloadStatus
from magnumctl.coe.parallel import in_parallel
from magnumctl.manifests.marks import BAY, POD

from .nodes import name_in_bay
from .objects import Live, Objects
from .pod_readiness import Readiness, pod_readiness
from .readiness import Surroundings, readiness

Json = Mapping[str, Any]
Name = tuple[Kind, str]
WORST_FIRST: tuple[WorkloadState, ...] = ("failed", "missing", "waiting", "stopped", "ready")


@dataclass(frozen=True)
class Seen:
    """One pod or service of the blueprint as it was found, all its objects together."""

    status: WorkloadStatus
    patience: float


def seen(objects: Objects, lives: Sequence[Live]) -> tuple[Seen, ...]:
    pods = objects.list("/api/v1/pods", f"{BAY}={objects.bay_uuid}")
    found = in_parallel(lambda live: readiness(live.resource.kind, live.body, around(objects, live, pods)), lives)
    grouped: dict[Name, list[tuple[Live, Readiness]]] = {}
    for live, ready in zip(lives, found, strict=True):
        grouped.setdefault((live.kind, live.name), []).append((live, ready))
    return tuple(seen_together(objects.api.bay, parts, pods) for _, parts in sorted(grouped.items()))


def around(objects: Objects, live: Live, pods: Sequence[Json]) -> Surroundings:
    namespace = live.metadata.get("namespace", "")
    selector = live.body["spec"].get("selector") if live.resource.kind == "Service" else None
    return Surroundings(
        pods=[pod for pod in pods if pod["metadata"]["namespace"] == namespace],
        ready_behind=ready_pods(objects, namespace, selector) if selector else 0,
    )


def ready_pods(objects: Objects, namespace: str, selector: Mapping[str, str]) -> int:
    """Anyone's: a service may well stand before pods that magnumctl did not make."""
    labels = ",".join(f"{key}={value}" for key, value in selector.items())
    found = objects.list(f"/api/v1/namespaces/{quote(namespace)}/pods", labels)
    return sum(pod_readiness(pod).state == "ready" for pod in found)


def seen_together(bay: str, parts: Sequence[tuple[Live, Readiness]], pods: Sequence[Json]) -> Seen:
    live, worst = min(parts, key=lambda part: WORST_FIRST.index(part[1].state))
    bodies = [part.body for part, _ in parts]
    status = WorkloadStatus(
        kind=live.kind,
        name=live.name,
        state=worst.state,
        message=worst.message if len(parts) == 1 or not worst.message else f"{live.reference}: {worst.message}",
        node=", ".join(nodes_of(bay, live.name, pods)) if live.kind == "pod" else "",
        image=", ".join(dict.fromkeys(image for body in bodies for image in images_of(body))),
    )
    return Seen(status, worst.patience)


def nodes_of(bay: str, pod_name: str, pods: Sequence[Json]) -> list[str]:
    ours = [pod for pod in pods if pod["metadata"]["labels"].get(POD) == pod_name]
    names = {pod["spec"]["nodeName"] for pod in ours if pod["spec"].get("nodeName")}
    return sorted(name_in_bay(bay, name) for name in names)


def images_of(body: Json) -> list[str]:
    spec = body.get("spec") or {}
    pod_spec = (spec.get("template") or {}).get("spec") or spec
    containers = pod_spec.get("containers")
    return [str(each.get("image", "")) for each in containers] if isinstance(containers, list) else []
