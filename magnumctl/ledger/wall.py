"""SQLite's failures in the words of a person; everything else passes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from magnumctl.errors import LedgerError

SAYINGS = (
    ("SQLITE_BUSY", "another process is writing to the ledger {path}", "try again when it is done"),
    ("SQLITE_LOCKED", "another process is writing to the ledger {path}", "try again when it is done"),
    ("SQLITE_FULL", "the disk that holds the ledger {path} is full", "make room, then run the same command"),
    ("SQLITE_READONLY", "the ledger {path} cannot be written", "chmod 600 {path}"),
    ("SQLITE_CANTOPEN", "the ledger {path} cannot be opened", "ls -la {folder}"),
    ("SQLITE_NOTADB", "{path} is not a ledger", "mv {path} {path}.broken; magnumctl state rebuild"),
    ("SQLITE_CORRUPT", "the ledger {path} is damaged", "mv {path} {path}.broken; magnumctl state rebuild"),
    ("SQLITE_IOERR", "the disk that holds the ledger {path} fails", "look at the system's log (dmesg)"),
)
"""SQLite's result codes (their beginnings: `SQLITE_BUSY_SNAPSHOT` is a busy one too), what they mean, what helps."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as exc:
        raise in_words(exc, path) from exc


def in_words(exc: sqlite3.DatabaseError, path: Path) -> LedgerError:
    # Python gives the code only to errors that SQLite itself reported.
    code = str(vars(exc).get("sqlite_errorname", ""))
    for beginning, summary, hint in SAYINGS:
        if code.startswith(beginning):
            names = {"path": path, "folder": path.parent}
            return LedgerError(summary.format(**names), detail=str(exc), hint=hint.format(**names))
    return LedgerError(f"the ledger {path} refused a change", detail=f"{code} {exc}".strip(), hint="magnumctl doctor")
