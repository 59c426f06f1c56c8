"""History: every change the ledger remembers, newest first. Asks nobody but the ledger."""

from __future__ import annotations

from magnumctl.ledger import ChangeRecord, Ledger

from .reports import ChangeRow, HistoryReport, StageRow


def history(ledger: Ledger, bay: str | None, limit: int) -> HistoryReport:
    return HistoryReport(
        changes=tuple(change_row(ledger, change) for change in ledger.changes(bay=bay, limit=limit)),
    )


def change_row(ledger: Ledger, change: ChangeRecord) -> ChangeRow:
    return ChangeRow(
        id=change.id,
        bay=change.bay,
        kind=change.kind,
        status=change.status,
        begun_at=change.begun_at,
        ended_at=change.ended_at,
        who=change.who,
        error=change.error,
        stages=stages_of(ledger, change.id),
    )


def stages_of(ledger: Ledger, change_id: int) -> tuple[StageRow, ...]:
    return tuple(StageRow(name=stage.name, seconds=stage.seconds) for stage in ledger.stages(change_id))
