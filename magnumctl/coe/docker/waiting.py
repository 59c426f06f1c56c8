"""Waiting until the engines of a young bay answer, and until its containers run."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from magnumctl.coe.contract import NodeStatus, Pause, Report, WorkloadStatus
from magnumctl.coe.parallel import in_parallel
from magnumctl.coe.patience import Patience
from magnumctl.errors import CoeError, NotReadyError
from magnumctl.manifests import ContainerWish

from .statuses import Seen, seen_everywhere

if TYPE_CHECKING:
    from .engine import Engine

POLL_SECONDS = 0.3


def node_status(engine: Engine) -> NodeStatus:
    try:
        engine.ping()
    except CoeError as exc:
        return NodeStatus(engine.node.name, "unreachable", exc.detail)
    return NodeStatus(engine.node.name, "ready")


def wait_for_nodes(bay: str, engines: Sequence[Engine], timeout: float, report: Report, pause: Pause) -> None:
    """No answer is what a booting node gives: it counts only when the time is over."""
    deadline = time.monotonic() + timeout
    waiting = list(engines)
    while waiting:
        found = {status.name: status for status in in_parallel(node_status, waiting)}
        for engine in waiting:
            if found[engine.node.name].state == "ready":
                report(f"node {engine.node.name}: ready")
        waiting = [engine for engine in waiting if found[engine.node.name].state != "ready"]
        if waiting and time.monotonic() >= deadline:
            raise not_ready(bay, [found[engine.node.name] for engine in waiting], timeout)
        pause(POLL_SECONDS if waiting else 0)


def not_ready(bay: str, nodes: Sequence[NodeStatus], timeout: float) -> NotReadyError:
    noun = "node is" if len(nodes) == 1 else "nodes are"
    return NotReadyError(
        f"bay {bay}: {len(nodes)} {noun} not ready after {timeout:.0f} s",
        detail="\n".join(f"{node.name}: {node.message}" for node in nodes),
        hint=f"magnumctl node console {nodes[0].name} --bay {bay} shows how far its boot has come",
    )


def wait_for_workloads(
    engines: Sequence[Engine], bay_uuid: str, wishes: Sequence[ContainerWish], patience: Patience, pause: Pause
) -> None:
    while True:
        try:
            found = {each[0].name: each for each in seen_everywhere(engines, bay_uuid)}
        except CoeError as exc:
            patience.try_again(exc)
        else:
            if patience.is_over([wished(found, wish) for wish in wishes]):
                return
        pause(POLL_SECONDS)


def wished(found: Mapping[str, Seen], wish: ContainerWish) -> Seen:
    absent = WorkloadStatus("container", wish.name, "missing", "no node holds it", wish.node or "", wish.image)
    return found.get(wish.name, (absent, 0.0))
