"""What a plan does to a bay's nodes."""

from __future__ import annotations

from collections.abc import Sequence

from magnumctl.terraform import Plan

SERVER = "openstack_compute_instance_v2"


def created(plan: Plan) -> frozenset[str]:
    return _nodes(plan, ("create",))


def lost(plan: Plan) -> frozenset[str]:
    """Deleted, or replaced by new ones of the same name."""
    return _nodes(plan, ("delete", "replace"))


def _nodes(plan: Plan, actions: Sequence[str]) -> frozenset[str]:
    changes = (change for change in plan.changes if change.kind == SERVER and change.action in actions)
    return frozenset(change.node for change in changes if change.node)
