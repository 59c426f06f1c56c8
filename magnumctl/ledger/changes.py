"""Changes: begun, and then succeeded, failed or interrupted. One at a time for each bay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from magnumctl.errors import BayBusyError, LedgerError, MagnumctlError, TerraformInterruptedError

from .holders import Holder, is_surely_gone, this_process, whereabouts
from .records import BayRecord, ChangeKind, ChangeRecord, ChangeStatus, JournalEvent, OpenChange, now
from .store import Store

GONE = "the process that made it is gone"


@dataclass(frozen=True)
class Change:
    """An open change, which is told what Terraform does, and how long each stage took."""

    id: int
    store: Store

    def journal(self, event: JournalEvent) -> None:
        """On disk when it returns, so that a kill in the next moment loses nothing."""
        row = {
            "change_id": self.id,
            "at": event.at or now(),
            "kind": event.kind,
            "address": event.address,
            "action": event.action,
            "resource_id": event.id,
        }
        with self.store.writing() as db:
            db.table("journal").insert(row)

    def stage(self, name: str, seconds: float) -> None:
        with self.store.writing() as db:
            db.table("stages").insert({"change_id": self.id, "name": name, "seconds": seconds})


@contextmanager
def open_change(store: Store, bay: BayRecord, kind: ChangeKind, blueprint: str) -> Iterator[Change]:
    change = _begin(store, bay, kind, blueprint)
    try:
        yield change
    except (KeyboardInterrupt, SystemExit, TerraformInterruptedError):
        _end_after_error(change, "interrupted", "stopped by a signal")
        raise
    except BaseException as exc:
        _end_after_error(change, "failed", _said(exc))
        raise
    _end(change, "succeeded", None)


def _begin(store: Store, bay: BayRecord, kind: ChangeKind, blueprint: str) -> Change:
    me = this_process()
    row = {
        "bay_uuid": bay.uuid,
        "bay": bay.name,
        "kind": kind,
        "status": "begun",
        "begun_at": now(),
        "blueprint_digest": digest_of(blueprint),
        **asdict(me),
    }
    with store.writing() as db:
        _make_way(db, bay, me)
        db.table("changes").insert(row)
        begun = next(iter(db.query("select id from changes where bay_uuid = ? and status = 'begun'", [bay.uuid])))
        return Change(begun["id"], store)


def _make_way(db: Database, bay: BayRecord, me: Holder) -> None:
    """An open change whose process is surely gone was interrupted; any other one keeps the bay."""
    for row in _open_rows(db, bay):
        _require_gone(row, bay, me)
        interrupt(db, int(row["id"]), GONE)


def require_free(store: Store, bay: BayRecord) -> None:
    with store.reading() as db:
        for row in _open_rows(db, bay):
            _require_gone(row, bay, this_process())


def _open_rows(db: Database, bay: BayRecord) -> tuple[Mapping[str, Any], ...]:
    return tuple(db.query("select * from changes where bay_uuid = ? and status = 'begun'", [bay.uuid]))


def _require_gone(row: Mapping[str, Any], bay: BayRecord, me: Holder) -> None:
    holder = _holder(row)
    if not is_surely_gone(holder, me):
        raise BayBusyError(
            f"bay {bay.name} is being changed by {holder}",
            detail=f"change {row['id']} ({row['kind']}) was begun at {row['begun_at']}",
            hint=f"wait for it; if that process is surely gone: magnumctl state unlock {bay.name}",
        )


def interrupt(db: Database, change_id: int, why: str) -> None:
    db.table("changes").update(change_id, {"status": "interrupted", "ended_at": now(), "error": why})


def _end(change: Change, status: ChangeStatus, error: str | None) -> None:
    with change.store.writing() as db:
        # Not when someone has unlocked the bay meanwhile: what they wrote down stands.
        db.execute(
            "update changes set status = ?, ended_at = ?, error = ? where id = ? and status = 'begun'",
            [status, now(), error, change.id],
        )


def _end_after_error(change: Change, status: ChangeStatus, error: str) -> None:
    # The error that ends the change says more than a full disk while noting it; an open change of a gone process is
    # taken for interrupted anyway.
    with suppress(LedgerError):
        _end(change, status, error)


def _said(exc: BaseException) -> str:
    """Of an error that we did not write only the kind: its text may hold what must not lie here."""
    if isinstance(exc, MagnumctlError):
        return f"{exc.summary}: {exc.detail}" if exc.detail else exc.summary
    return f"unexpected {type(exc).__name__}"


def digest_of(blueprint: str) -> str:
    return hashlib.sha256(blueprint.encode()).hexdigest() if blueprint else ""


def change_record(row: Mapping[str, Any]) -> ChangeRecord:
    return ChangeRecord(
        id=row["id"],
        bay=row["bay"],
        kind=row["kind"],
        status=row["status"],
        begun_at=row["begun_at"],
        ended_at=row["ended_at"],
        who=str(_holder(row)),
        error=row["error"],
        bay_uuid=row["bay_uuid"],
        blueprint_digest=row["blueprint_digest"],
    )


def open_change_of(row: Mapping[str, Any]) -> OpenChange:
    return OpenChange(change_record(row), whereabouts(_holder(row), this_process()))


def _holder(row: Mapping[str, Any]) -> Holder:
    return Holder(row["user"], row["host"], row["pid"], row["machine"], row["boot"], row["started"])
