"""The pods of a workload, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from magnumctl.coe.details import ContainerState, Event, PodInstance
from magnumctl.manifests.marks import POD

from .conditions import one_line
from .nodes import name_in_bay
from .objects import Live
from .pod_readiness import pod_readiness

Json = Mapping[str, Any]
MOST_EVENTS = 12


def path_of(pod: Json) -> str:
    metadata = pod["metadata"]
    return f"/api/v1/namespaces/{quote(metadata['namespace'])}/pods/{quote(metadata['name'])}"


def named(pods: Iterable[Json], name: str) -> tuple[Json, ...]:
    """Those of the blueprint's pod of that name, else the one which Kubernetes calls so; the eldest first."""
    pods = sorted(pods, key=lambda pod: (pod["metadata"]["creationTimestamp"], pod["metadata"]["name"]))
    of_set = tuple(pod for pod in pods if pod["metadata"]["labels"].get(POD) == name)
    return of_set or tuple(pod for pod in pods if pod["metadata"]["name"] == name)


def instance(bay: str, pod: Json) -> PodInstance:
    ready, status = pod_readiness(pod), pod.get("status") or {}
    statuses = {each["name"]: each for each in status.get("containerStatuses") or ()}
    node = pod["spec"].get("nodeName") or ""
    return PodInstance(
        name=pod["metadata"]["name"],
        state=ready.state,
        message=ready.message,
        node=name_in_bay(bay, node) if node else "",
        address=status.get("podIP") or "",
        started_at=status.get("startTime") or "",
        containers=tuple(container_state(each, statuses.get(each["name"]) or {}) for each in pod["spec"]["containers"]),
    )


def container_state(spec: Json, status: Json) -> ContainerState:
    states: Mapping[str, Json] = status.get("state") or {"waiting": {}}
    word, detail = next(iter(states.items()))
    said = " ".join(str(each) for each in (detail.get("reason"), detail.get("message")) if each)
    return ContainerState(
        name=spec["name"],
        image=spec["image"],
        state=word,
        ready=bool(status.get("ready")),
        restarts=status.get("restartCount", 0),
        message=one_line(said),
    )


def events(listed: Sequence[Json], lives: Sequence[Live], pods: Sequence[Json]) -> tuple[Event, ...]:
    """The last ones about these objects, and about what Kubernetes made of them."""
    about = {str(live.metadata["uid"]) for live in lives}
    for pod in pods:
        owners = pod["metadata"].get("ownerReferences") or ()
        about |= {str(pod["metadata"]["uid"]), *(str(owner["uid"]) for owner in owners)}
    theirs = [each for each in listed if str(each["involvedObject"].get("uid")) in about]
    return tuple(event(each) for each in sorted(theirs, key=moment)[-MOST_EVENTS:])


def event(body: Json) -> Event:
    subject = body["involvedObject"]
    return Event(
        at=moment(body),
        kind=body.get("type") or "Normal",
        about=f"{subject['kind']}/{subject['name']}",
        reason=body.get("reason") or "",
        message=one_line(body.get("message") or ""),
        count=int(body.get("count") or (body.get("series") or {}).get("count") or 1),
    )


def moment(body: Json) -> str:
    """Kubernetes fills in one or the other."""
    series = body.get("series") or {}
    times = (body.get("lastTimestamp"), series.get("lastObservedTime"), body.get("eventTime"))
    return next((str(each) for each in times if each), str(body["metadata"].get("creationTimestamp") or ""))
