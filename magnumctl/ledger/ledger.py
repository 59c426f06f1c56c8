"""The ledger: bays, the changes made to them, what was pushed into them, and their sealed secrets."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database

from magnumctl.errors import BayBusyError, BayNotFoundError, LedgerError

from .changes import Change, change_record, digest_of, interrupt, open_change, open_change_of, require_free
from .keys import KeySource, key_sources
from .records import (
    BayRecord,
    ChangeKind,
    ChangeRecord,
    HeldHow,
    JournalEvent,
    NodeRecord,
    OpenChange,
    PushedRecord,
    StageRecord,
    now,
)
from .seals import Seals
from .store import Store, open_store
from .travelling import lasting, read


class Ledger:
    """Shared freely between threads and processes. Every method raises LedgerError when the file fails."""

    def __init__(self, store: Store, seals: Seals) -> None:
        self._store = store
        self._seals = seals

    @classmethod
    def open(cls, path: Path, sources: Sequence[KeySource] | None = None) -> Self:
        """`path` lies in a folder of its own, which becomes private. `sources` of its sealing key: the user's."""
        store = open_store(path)
        return cls(store, Seals(store, key_sources(os.environ) if sources is None else sources))

    @property
    def path(self) -> Path:
        return self._store.path

    def close(self) -> None:
        self._store.close()

    # --- bays

    def bays(self) -> tuple[BayRecord, ...]:
        with self._store.reading() as db:
            return tuple(_bay(row) for row in db.table("bays").rows_where(order_by="name, project_name"))

    def bay(self, name: str, project_id: str | None = None) -> BayRecord:
        """BayNotFoundError when there is none; LedgerError when several projects have one of that name."""
        bays = [bay for bay in self.bays() if project_id in {None, bay.project_id}]
        found = [bay for bay in bays if bay.name == name]
        if len(found) > 1:
            projects = ", ".join(f"{bay.project_name} (cloud {bay.cloud})" for bay in found)
            raise LedgerError(
                f"there are {len(found)} bays {name}", detail=f"in the projects {projects}", hint="--cloud NAME"
            )
        if not found:
            raise not_found(name, [bay.name for bay in bays])
        return found[0]

    def record_bay(self, bay: BayRecord) -> None:
        """BayBusyError when another process has recorded a bay of that name and project in this very moment."""
        try:
            with self._store.writing() as db:
                db.table("bays").upsert(asdict(bay), pk="uuid")
        except LedgerError as exc:
            if isinstance(exc.__cause__, sqlite3.IntegrityError):
                raise BayBusyError(
                    f"bay {bay.name} is already recorded in the project {bay.project_name}",
                    detail="by another process, with another uuid",
                    hint="run the same command again",
                ) from exc
            raise

    def forget_bay(self, uuid: str) -> None:
        """With its nodes, workloads and secrets; its changes stay, for the history."""
        with self._store.writing() as db:
            db.table("bays").delete_where("uuid = ?", [uuid])

    # --- changes

    @contextmanager
    def change(self, bay: BayRecord, kind: ChangeKind, blueprint: str) -> Iterator[Change]:
        """BayBusyError when another one of the bay is open. An error that passes ends it as failed or interrupted."""
        with open_change(self._store, bay, kind, blueprint) as change:
            if blueprint:
                self._keep_blueprint(bay, blueprint)
            yield change

    def require_free(self, bay: BayRecord) -> None:
        """BayBusyError while a change of the bay is open whose process may live."""
        require_free(self._store, bay)

    def changes(self, bay: str | None = None, limit: int = 50, bay_uuid: str | None = None) -> tuple[ChangeRecord, ...]:
        """The newest first; of a name (also of bays long gone) or of one bay."""
        with self._store.reading() as db:
            rows = db.table("changes").rows_where(
                "(:bay is null or bay = :bay) and (:bay_uuid is null or bay_uuid = :bay_uuid)",
                {"bay": bay, "bay_uuid": bay_uuid},
                order_by="id desc",
                limit=limit,
            )
            return tuple(change_record(row) for row in rows)

    def numbered_change(self, number: int) -> ChangeRecord:
        """By its id; LedgerError when there is none."""
        with self._store.reading() as db:
            rows = list(db.table("changes").rows_where("id = ?", [number]))
        if not rows:
            raise LedgerError(f"the ledger has no change {number}", hint="magnumctl history")
        return change_record(rows[0])

    def open_change(self, bay: BayRecord) -> OpenChange | None:
        with self._store.reading() as db:
            rows = db.table("changes").rows_where("bay_uuid = ? and status = 'begun'", [bay.uuid])
            return next((open_change_of(row) for row in rows), None)

    def unlock(self, bay: BayRecord) -> ChangeRecord | None:
        """The open change of the bay, now marked as interrupted: for when a person knows that its process is gone."""
        with self._store.writing() as db:
            rows = list(db.table("changes").rows_where("bay_uuid = ? and status = 'begun'", [bay.uuid]))
            for row in rows:
                interrupt(db, int(row["id"]), "unlocked by hand")
        return change_record(rows[0]) if rows else None

    def journal(self, change_id: int) -> tuple[JournalEvent, ...]:
        with self._store.reading() as db:
            rows = db.table("journal").rows_where("change_id = ?", [change_id], order_by="id")
            return tuple(_event(row) for row in rows)

    def stages(self, change_id: int) -> tuple[StageRecord, ...]:
        """In the order in which they ended."""
        with self._store.reading() as db:
            rows = db.table("stages").rows_where("change_id = ?", [change_id], order_by="id")
            return tuple(StageRecord(row["name"], row["seconds"]) for row in rows)

    def blueprint(self, change: ChangeRecord) -> str | None:
        """The text that was applied; None once the bay is forgotten."""
        return self.unseal(change.bay_uuid, _blueprint_name(change.blueprint_digest))

    def _keep_blueprint(self, bay: BayRecord, text: str) -> None:
        # Sealed: people write passwords into `env`.
        name = _blueprint_name(digest_of(text))
        if self._seals.holds(bay.uuid, name):
            return
        self.seal(bay.uuid, name, text)

    # --- what is in a bay

    def nodes(self, bay_uuid: str) -> tuple[NodeRecord, ...]:
        return tuple(NodeRecord(**row) for row in self._rows("nodes", bay_uuid))

    def record_nodes(self, bay_uuid: str, nodes: Sequence[NodeRecord]) -> None:
        with self._store.writing() as db:
            _replace_rows(db, "nodes", bay_uuid, [asdict(node) for node in nodes])

    def workloads(self, bay_uuid: str) -> tuple[PushedRecord, ...]:
        return tuple(PushedRecord(**row) for row in self._rows("workloads", bay_uuid))

    def record_workloads(self, bay_uuid: str, pushed: Sequence[PushedRecord]) -> None:
        dated = [asdict(replace(row, pushed_at=row.pushed_at or now())) for row in pushed]
        with self._store.writing() as db:
            _replace_rows(db, "workloads", bay_uuid, dated)

    def held(self, bay_uuid: str) -> Mapping[str, HeldHow]:
        """The containers that a person has stopped or paused, by name."""
        return {row["name"]: row["how"] for row in self._rows("held", bay_uuid)}

    def hold(self, bay_uuid: str, name: str, how: HeldHow) -> None:
        row = {"bay_uuid": bay_uuid, "name": name, "how": how, "since": now()}
        with self._store.writing() as db:
            db.table("held").upsert(row, pk=("bay_uuid", "name"))

    def release(self, bay_uuid: str, names: Iterable[str]) -> None:
        with self._store.writing() as db:
            for name in names:
                db.table("held").delete_where("bay_uuid = ? and name = ?", [bay_uuid, name])

    def _rows(self, table: str, bay_uuid: str) -> list[dict[str, Any]]:
        with self._store.reading() as db:
            rows = list(db.table(table).rows_where("bay_uuid = ?", [bay_uuid], order_by="rowid"))
        return [{key: value for key, value in row.items() if key != "bay_uuid"} for row in rows]

    # --- secrets

    def seal(self, bay_uuid: str, name: str, text: str) -> None:
        """SealError when no key can be had. The bay must be recorded."""
        self._seals.seal(bay_uuid, name, text)

    def travelling_text(self, bay: BayRecord, secrets: str) -> str:
        """Record and secrets, sealed, as one text: always the same one for the same record, secrets and key."""
        return self._seals.envelope(lasting(bay), secrets).text

    def travelled(self, text: str) -> tuple[BayRecord, str]:
        """Record and secrets of a `travelling_text`, of this ledger or of one that is lost; SealError."""
        envelope = read(text)
        return envelope.bay, self._seals.open(envelope)

    def unseal(self, bay_uuid: str, name: str) -> str | None:
        """None when nothing of that name is sealed; SealError when the key that opens it is not here."""
        return self._seals.unseal(bay_uuid, name)


def _replace_rows(db: Database, table: str, bay_uuid: str, rows: Sequence[Mapping[str, Any]]) -> None:
    db.table(table).delete_where("bay_uuid = ?", [bay_uuid])
    db.table(table).insert_all({"bay_uuid": bay_uuid, **row} for row in rows)


def _bay(row: Mapping[str, Any]) -> BayRecord:
    return BayRecord(**{**row, "protect": bool(row["protect"])})


def _event(row: Mapping[str, Any]) -> JournalEvent:
    return JournalEvent(row["kind"], row["address"], row["action"], row["resource_id"], row["at"])


def _blueprint_name(digest: str) -> str:
    return f"blueprint {digest[:16]}"


def not_found(name: str, known: Sequence[str]) -> BayNotFoundError:
    near = get_close_matches(name, known, n=1)
    said = f"did you mean {near[0]}?" if near else f"it knows {', '.join(known)}" if known else "it knows no bay yet"
    return BayNotFoundError(f"the ledger knows no bay {name}", detail=said, hint="magnumctl bay list")
