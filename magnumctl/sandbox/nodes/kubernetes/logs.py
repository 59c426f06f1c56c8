"""GET .../pods/NAME/log"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from magnumctl.sandbox.nodes.http import Answer, Json, Request, Stream
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.container_run import ContainerRun, Line
from magnumctl.sandbox.nodes.kubernetes.failures import bad_request
from magnumctl.sandbox.nodes.kubernetes.kubelet import Kubelets, PodRun
from magnumctl.sandbox.nodes.kubernetes.objects import at, name_of

LOOK_SECONDS = 0.2
LOOKS_A_SECOND = 5


@dataclass(frozen=True)
class LogWish:
    tail: int | None
    since: float
    timestamps: bool
    follow: bool
    previous: bool


def log_answer(cluster: Cluster, kubelets: Kubelets, pod: Json, request: Request) -> Answer:
    container = chosen_container(cluster, kubelets, pod, request.parameter("container"))
    tail, since = request.parameter("tailLines"), request.parameter("sinceSeconds")
    wish = LogWish(
        tail=int(tail) if tail else None,
        since=time.time() - float(since) if since else _moment(request.parameter("sinceTime")),
        timestamps=request.flag("timestamps"),
        follow=request.flag("follow"),
        previous=request.flag("previous"),
    )
    if wish.previous and not container.previous:
        raise bad_request(f'previous terminated container "{container.name}" in pod "{name_of(pod)}" not found')
    return Stream(200, _chunks(kubelets, pod, container, wish), "text/plain")


def _moment(text: str) -> float:
    return dt.datetime.fromisoformat(text).timestamp() if text else 0.0


def chosen_container(cluster: Cluster, kubelets: Kubelets, pod: Json, asked: str) -> ContainerRun:
    """ApiError 400 when none or a wrong one is named, or it has not started."""
    names = [each["name"] for each in pod["spec"]["containers"]]
    init = [each["name"] for each in at(pod, "spec.initContainers", [])]
    name = asked or (names[0] if len(names) == 1 else "")
    if not name:
        choice = f"choose one of: [{' '.join(names)}]" + (
            f" or one of the init containers: [{' '.join(init)}]" if init else ""
        )
        raise bad_request(f"a container name must be specified for pod {name_of(pod)}, {choice}")
    if name not in (*names, *init):
        raise bad_request(f"container {name} is not valid for pod {name_of(pod)}")
    with cluster.lock:
        run = kubelets.find(pod)
    container = _of(run, name)
    if container is None or not container.turn:
        reason = (
            (container.state.get("waiting") or {}).get("reason", "ContainerCreating")
            if container
            else "ContainerCreating"
        )
        trouble = "trying and failing to pull image" if reason in {"ErrImagePull", "ImagePullBackOff"} else reason
        raise bad_request(f'container "{name}" in pod "{name_of(pod)}" is waiting to start: {trouble}')
    return container


def _of(run: PodRun | None, name: str) -> ContainerRun | None:
    return {**run.init, **run.containers}.get(name) if run else None


def _chunks(kubelets: Kubelets, pod: Json, container: ContainerRun, wish: LogWish) -> Iterator[bytes]:
    lines: Sequence[Line] = container.previous if wish.previous else tuple(container.lines)
    seen, turn = container.written, container.turn
    shown = [line for line in lines if line.at >= wish.since]
    if wish.tail is not None:
        shown = shown[max(len(shown) - wish.tail, 0) :]
    yield from (_line(line, wish) for line in shown)
    silent = 0
    while wish.follow and not wish.previous:
        alive = container.turn == turn and container.running and kubelets.find(pod) is not None
        number, seen = container.written - seen, container.written
        yield from (_line(line, wish) for line in (tuple(container.lines)[-number:] if number else ()))
        if not alive:
            return
        silent = (silent + 1) % LOOKS_A_SECOND
        if not silent:
            yield b""
        time.sleep(LOOK_SECONDS)


def _line(line: Line, wish: LogWish) -> bytes:
    stamp = dt.datetime.fromtimestamp(line.at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z ") if wish.timestamps else ""
    return (stamp + line.text).encode()
