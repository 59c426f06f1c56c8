"""The ledger's file: private, in write-ahead mode, brought to this version's schema, safe to share between threads."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from magnumctl.errors import LedgerError

from .migrations import migrate
from .wall import translated

BUSY_SECONDS = 20.0
"""How long a writer waits for another process to finish its transaction; ours last milliseconds."""


class Store:
    """One connection, one lock: a transaction of one thread never holds a statement of another."""

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self._database = database
        self._lock = threading.RLock()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        with self._lock, translated(self.path):
            yield self._database

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction: all of it is on disk afterwards, or none."""
        with self._lock, translated(self.path), immediate(self._database):
            yield self._database

    def close(self) -> None:
        with self._lock:
            self._database.close()


@contextmanager
def immediate(database: Database) -> Iterator[None]:
    """Takes the write lock at once: a transaction that reads first and writes later would not wait but fail as busy."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.commit()
    except BaseException:
        database.rollback()
        raise


def open_store(path: Path) -> Store:
    make_private(path)
    with translated(path):
        database = connect(path)
        try:
            migrate(database, path)
        except BaseException:
            database.close()
            raise
    return Store(path, database)


def connect(path: Path) -> Database:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    database = Database(connection, execute_plugins=False)
    database.enable_wal()
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA synchronous = FULL")  # the journal must survive a power cut, not only a kill
    database.execute("PRAGMA secure_delete = ON")  # a forgotten bay's secrets leave the file too
    return database


def make_private(path: Path) -> None:
    """The folder 0700, the file 0600, whatever the umask; neither of them a link to somewhere else."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_link(path.parent, stat.S_ISDIR)
        path.parent.chmod(0o700)
        _create(path)
        _refuse_link(path, stat.S_ISREG)
        path.chmod(0o600)
    except OSError as exc:
        raise LedgerError(
            f"the ledger {path} cannot be made", detail=exc.strerror or str(exc), hint=f"ls -la {path.parent}"
        ) from exc


def _create(path: Path) -> None:
    # Only when it is not there: to close a file that SQLite has open would drop all its locks (POSIX).
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return


def _refuse_link(path: Path, is_kind: Callable[[int], bool]) -> None:
    if not is_kind(path.lstat().st_mode):
        raise LedgerError(
            f"{path} is a link or a special file, and the ledger is not kept through one",
            hint="choose another workspace with -C DIR",
        )
