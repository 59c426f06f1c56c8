"""Waiting until every node of a young bay is ready."""

from __future__ import annotations

import time
from collections.abc import Sequence

from magnumctl.coe.contract import NodeStatus, Pause, Report
from magnumctl.errors import CoeError, CoeUnreachableError, NotReadyError

from .nodes import node_statuses
from .refusal import Refused
from .transport import Transport

POLL_SECONDS = 0.4


def wait_for_nodes(api: Transport, names: Sequence[str], timeout: float, report: Report, pause: Pause) -> None:
    """No answer and refusals are what a booting bay gives: they count only when the time is over."""
    deadline = time.monotonic() + timeout
    ready: set[str] = set()
    while True:
        found, trouble = look(api)
        for name in sorted(names, key=names.index):
            if name not in ready and name in found and found[name].state == "ready":
                report(f"node {name}: ready")
        ready = {name for name in names if name in found and found[name].state == "ready"}
        if ready == set(names):
            return
        if time.monotonic() >= deadline:
            raise not_ready(api.bay, [name for name in names if name not in ready], found, trouble, timeout)
        pause(POLL_SECONDS)


def look(api: Transport) -> tuple[dict[str, NodeStatus], CoeError | None]:
    try:
        return {node.name: node for node in node_statuses(api)}, None
    except (CoeUnreachableError, Refused) as exc:
        return {}, exc


def not_ready(
    bay: str, names: Sequence[str], found: dict[str, NodeStatus], trouble: CoeError | None, timeout: float
) -> NotReadyError:
    noun = "node is" if len(names) == 1 else "nodes are"
    lines = [f"{name}: {found[name].message if name in found else 'has not joined'}" for name in names]
    return NotReadyError(
        f"bay {bay}: {len(names)} {noun} not ready after {timeout:.0f} s",
        detail="\n".join([f"{trouble.summary}: {trouble.detail}"] if trouble else lines),
        hint=f"magnumctl node console NODE --bay {bay} shows how far a node's boot has come",
    )
