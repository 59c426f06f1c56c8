"""Nodes are emptied: no new pods, and those that are there move, as their disruption budgets allow."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from magnumctl.coe.contract import Pause, Report
from magnumctl.coe.parallel import in_parallel
from magnumctl.errors import CoeError, NotReadyError

from .eviction import Tenant, evict, tenants
from .nodes import Member, name_in_bay
from .nodes import members as members_of
from .transport import Transport

POLL_SECONDS = 0.5
ENDING = "is still ending"
"""On a node that went silent nobody says when: there it counts as gone."""


@dataclass
class Drain:
    """One go at emptying nodes. Told once: each pod that moves, and each reason why one does not."""

    api: Transport
    report: Report
    pause: Pause
    timeout: float
    told: set[str] = field(default_factory=set)

    def tell(self, line: str) -> None:
        if line not in self.told:
            self.told.add(line)
            self.report(line)


def drain(work: Drain, members: Sequence[Member]) -> None:
    """NotReadyError, and the nodes take pods again, when a pod is still there after `timeout` seconds."""
    cordoned = [member for member in members if not member.is_cordoned]
    in_parallel(lambda member: cordon(work, member.name), cordoned)
    try:
        empty(work, members)
    except BaseException:
        for member in cordoned:
            with suppress(CoeError):
                set_unschedulable(work.api, member.name, None)
        raise


def cordon(work: Drain, name: str) -> None:
    set_unschedulable(work.api, name, True)
    work.report(f"node {name_in_bay(work.api.bay, name)}: takes no new pods")


def set_unschedulable(api: Transport, name: str, value: bool | None) -> None:
    api.merge(f"/api/v1/nodes/{name}", {"spec": {"unschedulable": value}})


def empty(work: Drain, members: Sequence[Member]) -> None:
    deadline = time.monotonic() + work.timeout
    while True:
        staying = stay(work, members)
        if not staying:
            return
        if time.monotonic() >= deadline:
            raise not_empty(work, staying)
        work.pause(POLL_SECONDS)


def stay(work: Drain, members: Sequence[Member]) -> dict[Tenant, str]:
    """The pods that are still there, and why, after each that may go was told to."""
    heard = {node.name for node in members_of(work.api) if node.is_ready}
    found = [
        pod for member in members for pod in tenants(work.api, member.name) if pod.node in heard or not pod.is_going
    ]
    reasons = in_parallel(lambda pod: ENDING if pod.is_going else evict(work.api, pod), found)
    for pod, reason in zip(found, reasons, strict=True):
        if reason != ENDING:
            work.tell(f"node {name_in_bay(work.api.bay, pod.node)}: {pod} {reason or leaving(pod)}")
    return {pod: reason or ENDING for pod, reason in zip(found, reasons, strict=True)}


def leaving(pod: Tenant) -> str:
    return "ends: it has no controller that makes another one" if pod.is_lonely else "moves"


def not_empty(work: Drain, staying: dict[Tenant, str]) -> NotReadyError:
    bay = work.api.bay
    nodes = sorted({name_in_bay(bay, pod.node) for pod in staying})
    noun = f"node {nodes[0]} is" if len(nodes) == 1 else f"nodes {', '.join(nodes)} are"
    return NotReadyError(
        f"bay {bay}: {noun} not empty after {work.timeout:.0f} s",
        detail="\n".join(sorted(f"{pod} on {name_in_bay(bay, pod.node)}: {reason}" for pod, reason in staying.items())),
        hint="kubectl get poddisruptionbudgets -A; when their pods have room elsewhere, run the same command again",
    )
