"""The schema, version by version: the numbered SQL files of `state/`, applied by sqlite-utils."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database, Migrations

from magnumctl.errors import LedgerError
from magnumctl.shipped import folder


def shipped_migrations() -> Migrations:
    migrations = Migrations("magnumctl")
    for file in sorted(folder("state").glob("[0-9]*.sql")):
        _register(migrations, file)
    return migrations


def _register(migrations: Migrations, file: Path) -> None:
    @migrations(name=file.stem)
    def run(db: Database) -> None:
        db.executescript(file.read_text(encoding="utf-8"))


def migrate(database: Database, path: Path) -> None:
    """Nothing is written when nothing is to do."""
    migrations = shipped_migrations()
    if migrations.pending(database):
        # The lock first: of two processes that find an old ledger, one migrates and the other finds it done.
        database.execute("BEGIN IMMEDIATE")
        try:
            migrations.apply(database)
            database.commit()
        except BaseException:
            database.rollback()
            raise
    _refuse_newer(migrations, database, path)


def _refuse_newer(migrations: Migrations, database: Database, path: Path) -> None:
    known = {file.stem for file in folder("state").glob("[0-9]*.sql")}
    unknown = [applied.name for applied in migrations.applied(database) if applied.name not in known]
    if unknown:
        raise LedgerError(
            f"the ledger {path} was written by a newer magnumctl",
            detail=f"its schema is {unknown[-1]}, this version knows {max(known)}",
            hint="pip install --upgrade magnumctl",
        )
