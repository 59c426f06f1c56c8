"""Steps on containers as changes of the blueprint's containers."""

from __future__ import annotations

from collections.abc import Sequence

from magnumctl.coe.contract import WorkloadChange

from .steps import Step


def workload_changes(steps: Sequence[Step]) -> tuple[WorkloadChange, ...]:
    """One for each container; what is left over of a wished one joins the wish's change."""
    grouped: dict[str, list[Step]] = {}
    for step in steps:
        grouped.setdefault(step.name, []).append(step)
    return tuple(change(name, parts) for name, parts in grouped.items())


def change(name: str, parts: Sequence[Step]) -> WorkloadChange:
    first, *others = (step for step in parts if step.action != "none" or len(parts) == 1)
    wished = next((step.action for step in parts if step.wish), None)
    action = "update" if wished == "none" and len(parts) > 1 else wished or first.action
    return WorkloadChange("container", name, action, "; ".join(step.reason for step in (first, *others)))
