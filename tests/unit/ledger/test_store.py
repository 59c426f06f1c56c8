"""The ledger's file: its modes, its schema, and what is said when it fails."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from magnumctl.errors import LedgerError
from magnumctl.ledger import Ledger
from magnumctl.ledger.wall import SAYINGS, in_words

from .bays import WEB, open_ledger


def test_the_folder_and_the_files_are_private(tmp_path: Path) -> None:
    """Also SQLite's own side files."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    folder = ledger.path.parent
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {".magnumctl": 0o700, "ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600}


def test_a_folder_that_was_too_open_is_closed(tmp_path: Path) -> None:
    """A `git checkout` or a copy may have loosened it."""
    open_ledger(tmp_path).close()
    (tmp_path / ".magnumctl").chmod(0o755)
    (tmp_path / ".magnumctl" / "ledger.db").chmod(0o644)
    ledger = open_ledger(tmp_path)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (ledger.path.parent, ledger.path)] == [0o700, 0o600]


@pytest.mark.parametrize("link", [".magnumctl", ".magnumctl/ledger.db"])
def test_a_link_is_not_followed(tmp_path: Path, link: str) -> None:
    """What it points to stays as it is."""
    target = tmp_path / "foreign"
    place = tmp_path / "workspace" / link
    place.parent.mkdir(parents=True)
    if link.endswith(".db"):
        target.write_bytes(b"")
    else:
        target.mkdir(mode=0o755)
    before = target.stat().st_mode
    place.symlink_to(target)
    with pytest.raises(LedgerError, match="is a link"):
        open_ledger(tmp_path / "workspace")
    assert target.stat().st_mode == before


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    """And stays as it is."""
    path = tmp_path / ".magnumctl" / "ledger.db"
    path.parent.mkdir()
    path.write_text("this is not a database, whatever its name says" * 20)
    with pytest.raises(LedgerError) as error:
        open_ledger(tmp_path)
    assert error.value.summary == f"{path} is not a ledger"


def test_a_newer_ledger_is_refused(tmp_path: Path) -> None:
    """An older magnumctl must not write what it does not understand."""
    ledger = open_ledger(tmp_path)
    with sqlite3.connect(ledger.path) as db:
        db.execute("insert into _sqlite_migrations (migration_set, name) values ('magnumctl', '9999_future')")
    with pytest.raises(LedgerError) as error:
        Ledger.open(ledger.path)
    assert error.value.hint == "pip install --upgrade magnumctl"


def test_the_ledger_is_written_ahead_and_checked(tmp_path: Path) -> None:
    """WAL mode, and SQLite finds nothing wrong with it."""
    ledger = open_ledger(tmp_path)
    with sqlite3.connect(ledger.path) as db:
        found = [db.execute(f"pragma {name}").fetchone()[0] for name in ("journal_mode", "integrity_check")]
    assert found == ["wal", "ok"]


@pytest.mark.parametrize(("code", "said"), [(beginning, summary) for beginning, summary, _ in SAYINGS])
def test_each_of_sqlites_failures_has_words(code: str, said: str) -> None:
    """With the path of the ledger in them."""
    error = sqlite3.OperationalError("cause")
    error.sqlite_errorname = f"{code}_DETAIL"
    found = in_words(error, Path("/w/ledger.db"))
    assert (found.summary, found.detail) == (said.format(path="/w/ledger.db", folder="/w"), "cause")


def test_a_failure_without_a_code_is_a_ledger_error_too() -> None:
    """Python's own complaints have none."""
    assert isinstance(in_words(sqlite3.ProgrammingError("closed"), Path("x")), LedgerError)
