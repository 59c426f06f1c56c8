"""History: every change the ledger remembers, newest first. Asks nobody but the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from magnumctl.coe.contract import Action
from magnumctl.errors import LedgerError
from magnumctl.ledger import ChangeRecord, JournalEvent, Ledger

from .history_reports import ChangeReport, FileRow, JournalRow
from .past import blueprint_of
from .reports import ChangeRow, HistoryReport, ResourceRow, StageRow

ACTIONS: Mapping[str, Action] = {"create": "create", "update": "update", "replace": "replace", "delete": "delete"}


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


def change_show(ledger: Ledger, number: int) -> ChangeReport:
    change = ledger.numbered_change(number)
    journal = ledger.journal(number)
    return ChangeReport(
        change=change_row(ledger, change),
        plan=tuple(planned(journal)),
        journal=tuple(map(journal_row, journal)),
        blueprint=files_of(ledger, change),
    )


def planned(journal: Sequence[JournalEvent]) -> Iterator[ResourceRow]:
    """A resource that is deleted and made again was replaced."""
    begun: dict[str, list[str]] = {}
    for event in journal:
        if event.kind == "start" and event.action in ACTIONS:
            begun.setdefault(event.address, []).append(event.action)
    for address, actions in begun.items():
        yield ResourceRow(address=address, action="replace" if len(set(actions)) > 1 else ACTIONS[actions[0]])


def journal_row(event: JournalEvent) -> JournalRow:
    return JournalRow(at=event.at, kind=event.kind, address=event.address, action=event.action, id=event.id)


def files_of(ledger: Ledger, change: ChangeRecord) -> tuple[FileRow, ...]:
    try:
        blueprint = blueprint_of(ledger, change)
    except LedgerError:
        return ()
    return tuple(FileRow(path=path, text=text) for path, text in blueprint.text.items())
