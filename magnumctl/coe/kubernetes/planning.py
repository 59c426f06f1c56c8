"""Steps on objects as changes of the blueprint's pods and services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from magnumctl.coe.contract import Action, Kind, WorkloadChange

from .steps import Step

Name = tuple[Kind, str]


def workload_changes(steps: Sequence[Step]) -> tuple[WorkloadChange, ...]:
    """One for each pod and service: the objects of one manifest are one pod."""
    grouped: dict[Name, list[Step]] = {}
    for step in steps:
        grouped.setdefault(name_of(step), []).append(step)
    return tuple(
        WorkloadChange(kind, name, action_of(parts), reason_of(parts)) for (kind, name), parts in grouped.items()
    )


def name_of(step: Step) -> Name:
    source = step.wish or step.live
    if source is None:
        raise AssertionError("a step has a wish or a live object")
    return source.kind, source.name


def action_of(parts: Iterable[Step]) -> Action:
    actions = {step.action for step in parts}
    if len(actions) == 1:
        return actions.pop()
    return "replace" if actions <= {"replace", "none"} else "update"


def reason_of(parts: Sequence[Step]) -> str:
    if len(parts) == 1:
        return parts[0].reason
    return "; ".join(part_reason(step) for step in parts if step.action != "none")


def part_reason(step: Step) -> str:
    reference = step.live.reference if step.live else object_of(step)
    return f"{step.action} {reference}" + (f" ({step.reason})" if step.reason else "")


def object_of(step: Step) -> str:
    return f"{step.wish.object_kind}/{step.wish.object_name}" if step.wish else ""
