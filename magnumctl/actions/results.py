"""The end of an apply or a destroy, bay by bay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from magnumctl.errors import MagnumctlError, TerraformInterruptedError
from magnumctl.terraform import Cancellation

from .apply import Stopwatch
from .reports import BayResultRow, ResultReport, ResultSummary, StageRow
from .side_by_side import Outcome

Item = TypeVar("Item")


def exit_code(report: ResultReport, cancellation: Cancellation) -> int:
    """130 when a signal ended it, 1 when a bay failed, else 0."""
    if cancellation.requested:
        return TerraformInterruptedError.exit_code
    return MagnumctlError.exit_code if report.summary.failed else 0


def result_report(
    cloud: str, outcomes: Sequence[Outcome[Item, Stopwatch]], name_of: Callable[[Item], str]
) -> ResultReport:
    rows = tuple(_row(outcome, name_of(outcome.item)) for outcome in outcomes)
    return ResultReport(
        cloud=cloud, bays=rows, summary=ResultSummary.model_validate(Counter(row.status for row in rows))
    )


def _row(outcome: Outcome[Item, Stopwatch], name: str) -> BayResultRow:
    error = outcome.error
    stages = outcome.result.stages if outcome.result else {}
    return BayResultRow(
        name=name,
        status="failed" if error else "succeeded",
        seconds=round(outcome.seconds, 2),
        error="\n".join(part for part in (error.summary, error.detail) if part) if error else None,
        hint=error.hint if error else "",
        stages=tuple(StageRow(name=stage, seconds=round(seconds, 2)) for stage, seconds in stages.items()),
    )
