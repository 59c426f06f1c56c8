"""Which pods keep a node from going."""

from __future__ import annotations

from typing import Any

import pytest

from magnumctl.coe.kubernetes.eviction import must_move, tenant


def pod(owner: str = "", phase: str = "Running", **metadata: Any) -> dict[str, Any]:
    owners = [{"kind": owner, "name": "o", "uid": "o", "controller": True}] if owner else []
    named = {"name": "p", "namespace": "default", "uid": "u", "ownerReferences": owners, **metadata}
    return {"metadata": named, "spec": {"nodeName": "web-workers-0"}, "status": {"phase": phase}}


@pytest.mark.parametrize(
    ("body", "moves"),
    [
        (pod(), True),
        (pod("ReplicaSet"), True),
        (pod("StatefulSet", phase="Pending"), True),
        (pod(deletionTimestamp="2026-01-02T03:04:05Z"), True),
        (pod("DaemonSet"), False),
        (pod("Node", annotations={"kubernetes.io/config.mirror": "x"}), False),
        (pod("Job", phase="Succeeded"), False),
        (pod(phase="Failed"), False),
    ],
)
def test_what_belongs_to_the_node_or_has_ended_stays(body: dict[str, Any], moves: bool) -> None:
    """Everything else moves, or has still to end."""
    assert must_move(body) is moves


@pytest.mark.parametrize(("owner", "lonely"), [("", True), ("ReplicaSet", False)])
def test_a_pod_without_a_controller_is_lonely(owner: str, lonely: bool) -> None:
    """Nobody makes another one."""
    assert tenant(pod(owner)).is_lonely is lonely
