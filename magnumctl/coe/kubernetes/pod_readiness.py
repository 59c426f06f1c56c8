"""How far one pod has come, and what holds it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from magnumctl.coe.contract import WorkloadState

from .conditions import condition, one_line

Json = Mapping[str, Any]

CANNOT_HEAL = 0.0
QUICK_TO_HEAL = 10.0
"""Seconds in which a registry that stuttered, or a Secret that came a moment late, has set things right."""
CRASHES_THAT_ARE_A_LOOP = 3
IMAGE = frozenset({"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"})
CONFIG = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError"})


@dataclass(frozen=True)
class Readiness:
    """`patience`: seconds that a failure may stand before waiting on has no sense."""

    state: WorkloadState
    message: str = ""
    patience: float = QUICK_TO_HEAL


READY = Readiness("ready")


def pod_readiness(pod: Json) -> Readiness:
    status = pod.get("status") or {}
    phase = status.get("phase")
    if "deletionTimestamp" in pod["metadata"]:
        return Readiness("waiting", "is being deleted")
    if phase == "Succeeded":
        return Readiness("ready", "completed")
    if phase == "Failed":
        return Readiness("failed", failure_of(status), CANNOT_HEAL)
    if condition(pod, "Ready").status == "True":
        return READY
    return next(container_troubles(status), None) or not_yet(pod)


def failure_of(status: Json) -> str:
    ended = next((each for each in map(last_end, container_statuses(status)) if each), "")
    return one_line(status.get("message") or ended or status.get("reason") or "failed")


def container_statuses(status: Json) -> tuple[Json, ...]:
    return (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ()))


def container_troubles(status: Json) -> Iterator[Readiness]:
    for each in container_statuses(status):
        waiting = (each.get("state") or {}).get("waiting") or {}
        reason, message = waiting.get("reason") or "", waiting.get("message") or ""
        if reason in IMAGE:
            yield Readiness("failed", one_line(f"image {each['image']} cannot be pulled: {message or reason}"))
        elif reason in CONFIG:
            yield Readiness("failed", one_line(f"container {each['name']}: {message or reason}"))
        elif crashes(each, reason):
            yield crashing(each)


def crashes(status: Json, reason: str) -> bool:
    return reason == "CrashLoopBackOff" or (status.get("restartCount", 0) > 0 and not status.get("ready"))


def crashing(status: Json) -> Readiness:
    count = status.get("restartCount", 0)
    state: WorkloadState = "failed" if count >= CRASHES_THAT_ARE_A_LOOP else "waiting"
    times = f"{count} times" if count != 1 else "once"
    return Readiness(state, f"container {status['name']} crashed {times}: {last_end(status)}", CANNOT_HEAL)


def last_end(status: Json) -> str:
    """Exit code and, as pods of ours ask Kubernetes for, the end of the log."""
    now, last = status.get("state") or {}, status.get("lastState") or {}
    ended = now.get("terminated") or last.get("terminated")
    if not ended:
        return ""
    said = one_line(ended.get("message") or "") or ended.get("reason") or ""
    code = f"exit code {ended.get('exitCode')}"
    return f"{code}, {said}" if said not in {"", "Error"} else code


def not_yet(pod: Json) -> Readiness:
    scheduled = condition(pod, "PodScheduled")
    if scheduled.status == "False":
        return Readiness("waiting", f"not scheduled: {scheduled.message or scheduled.reason}")
    if not pod["spec"].get("nodeName"):
        return Readiness("waiting", "not scheduled yet")
    ready = condition(pod, "ContainersReady")
    return Readiness("waiting", ready.message or condition(pod, "Ready").message or "starting")
