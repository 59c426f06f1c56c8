"""Plans that are shown and never carried out."""

from __future__ import annotations

from collections.abc import Iterator

from magnumctl.errors import MagnumctlError, RefusedPlanError
from magnumctl.ledger import BayRecord

from .plan import BayPlan
from .servers import lost


def refuse(planned: BayPlan) -> None:
    """Raises the first objection."""
    for objection in objections(planned):
        raise objection


def objections(planned: BayPlan) -> Iterator[MagnumctlError]:
    going = lost(planned.infrastructure)
    if going and planned.record.protect:
        yield protected(planned.record, f"the plan deletes or replaces {', '.join(sorted(going))}")
    if planned.control_planes and going.issuperset(planned.control_planes):
        yield RefusedPlanError(
            f"bay {planned.record.name}: no control plane would stay",
            detail=f"{', '.join(planned.control_planes)} would go, and everything that the bay knows is there",
            hint=f"take back what rebuilds it, or begin anew: magnumctl destroy --bay {planned.record.name}",
        )


def protected(record: BayRecord, detail: str) -> RefusedPlanError:
    return RefusedPlanError(
        f"bay {record.name} is protected",
        detail=detail,
        hint=f"set protect: false in the blueprint of bay {record.name}, then magnumctl apply",
    )
