"""The ledger between processes: killed in mid-change, opened by many at once, migrated from every earlier schema."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from magnumctl.errors import BayBusyError, LedgerError
from magnumctl.ledger import BayRecord, JournalEvent, Ledger
from magnumctl.ledger.keys import KeyFile
from magnumctl.ledger.migrations import shipped_migrations
from magnumctl.shipped import folder

WEB = BayRecord(
    uuid="11111111-2222-4333-8444-555555555555",
    name="web",
    cloud="sandbox",
    project_id="p1",
    project_name="demo",
    coe="docker",
    created_at="2026-01-02T03:04:05+00:00",
    caller_cidr="203.0.113.7/32",
)
VERSIONS = [file.stem for file in sorted(folder("state").glob("[0-9]*.sql"))]

HOLD = """
    import sys, time
    from pathlib import Path
    from magnumctl.ledger import JournalEvent, Ledger
    ledger = Ledger.open(Path(sys.argv[1]))
    with ledger.change(ledger.bay("web"), "apply", "") as change:
        change.journal(JournalEvent("complete", "openstack_a.b", "create", "id-1"))
        print("holding", flush=True)
        time.sleep(60)
"""
OPEN = """
    import sys
    from pathlib import Path
    from magnumctl.ledger import Ledger
    sys.stdin.read(1)
    Ledger.open(Path(sys.argv[1]))
"""
JOURNAL = """
    import sys
    from pathlib import Path
    from magnumctl.ledger import JournalEvent, Ledger
    ledger = Ledger.open(Path(sys.argv[1]))
    with ledger.change(ledger.bay("web"), "apply", "") as change:
        for number in range(100_000):
            change.journal(JournalEvent("complete", f"a.{number}", "create", str(number)))
            print(number, flush=True)
"""


def start(program: str, path: Path, umask: int = 0o022) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", textwrap.dedent(program), str(path)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, umask=umask)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path / ".magnumctl" / "ledger.db", [KeyFile(tmp_path / "key")])
    ledger.record_bay(WEB)
    yield ledger
    ledger.close()


@pytest.fixture
def holder(ledger: Ledger) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the bay."""
    process = start(HOLD, ledger.path)
    assert process.stdout
    assert process.stdout.readline() == b"holding\n"
    yield process
    process.kill()
    process.wait(10)


def test_a_second_process_is_told_who_holds_the_bay(ledger: Ledger, holder: subprocess.Popen[bytes]) -> None:
    """The other's pid."""
    with pytest.raises(BayBusyError, match=rf" pid {holder.pid}$"), ledger.change(WEB, "push", ""):
        pass


def test_a_killed_holder_is_interrupted_and_its_bay_taken_over(ledger: Ledger, holder: subprocess.Popen[bytes]) -> None:
    """The proof is that its pid is gone; what it wrote in its journal is there."""
    holder.send_signal(signal.SIGKILL)
    holder.wait(10)
    with ledger.change(WEB, "apply", ""):
        pass
    changes = ledger.changes()
    assert [change.status for change in changes] == ["succeeded", "interrupted"]
    assert changes[1].error == "the process that made it is gone"
    assert [event.id for event in ledger.journal(changes[1].id)] == ["id-1"]


def test_an_interrupted_process_says_so_itself(ledger: Ledger, holder: subprocess.Popen[bytes]) -> None:
    """Ctrl-C ends the change before the process ends."""
    holder.send_signal(signal.SIGINT)
    holder.wait(10)
    assert [change.status for change in ledger.changes()] == ["interrupted"]


def test_what_the_journal_was_told_survives_a_kill(ledger: Ledger) -> None:
    """Every event that was acknowledged, and the file is sound."""
    process = start(JOURNAL, ledger.path)
    assert process.stdout
    told = [int(process.stdout.readline()) for _ in range(50)]
    process.kill()
    process.wait(10)
    kept = [int(event.id or -1) for event in ledger.journal(ledger.changes()[0].id)]
    assert kept[:50] == told
    assert sqlite3.connect(ledger.path).execute("pragma integrity_check").fetchone() == ("ok",)


def test_the_files_as_they_are_at_any_moment_are_a_ledger(ledger: Ledger, tmp_path: Path) -> None:
    """A power cut leaves the database and its log as copied here; what was acknowledged is in them."""
    with ledger.change(WEB, "apply", "") as change:
        change.journal(JournalEvent("complete", "a.b", "create", "id-1"))
        copy = tmp_path / "copy"
        copy.mkdir(mode=0o700)
        for name in ("ledger.db", "ledger.db-wal"):
            shutil.copy2(ledger.path.parent / name, copy / name)
    found = Ledger.open(copy / "ledger.db")
    assert [(row.status, found.journal(row.id)[0].id) for row in found.changes()] == [("begun", "id-1")]


def test_many_processes_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    """One creates and migrates it, the others wait and find it done."""
    path = tmp_path / ".magnumctl" / "ledger.db"
    processes = [start(OPEN, path) for _ in range(8)]
    for process in processes:
        assert process.stdin
        process.stdin.write(b"!")
        process.stdin.flush()
    assert [process.wait(60) for process in processes] == [0] * 8
    assert Ledger.open(path).bays() == ()


def test_files_are_private_under_any_umask(tmp_path: Path) -> None:
    """Also with a umask of 000, where everything else would be open to all."""
    path = tmp_path / "workspace" / ".magnumctl" / "ledger.db"
    process = start(OPEN, path, umask=0)
    process.communicate(b"!", timeout=30)
    modes = [stat.S_IMODE(file.stat().st_mode) for file in (path.parent, *sorted(path.parent.iterdir()))]
    assert modes == [0o700, 0o600]


def test_the_side_files_are_private_too(ledger: Ledger, holder: subprocess.Popen[bytes]) -> None:
    """SQLite's write-ahead log and shared memory, made by another process."""
    assert holder.poll() is None
    assert {stat.S_IMODE(file.stat().st_mode) for file in ledger.path.parent.iterdir()} == {0o600}


def at_version(path: Path, count: int) -> None:
    """A ledger as the first `count` migrations made it, with a row in every table."""
    path.parent.mkdir(mode=0o700)
    path.touch(0o600)
    database = Database(path)
    migrations = shipped_migrations()
    migrations.apply(database, stop_before=VERSIONS[count] if count < len(VERSIONS) else None)
    for table, row in ROWS.items():
        if database[table].exists():
            database.table(table).insert(row)
    database.close()


ROWS: dict[str, dict[str, object]] = {
    "bays": {
        "uuid": WEB.uuid,
        "name": "web",
        "cloud": "sandbox",
        "project_id": "p1",
        "project_name": "demo",
        "coe": "docker",
        "created_at": WEB.created_at,
        "caller_cidr": WEB.caller_cidr,
    },
    "changes": {
        "bay_uuid": WEB.uuid,
        "bay": "web",
        "kind": "apply",
        "status": "succeeded",
        "begun_at": WEB.created_at,
        "blueprint_digest": "",
        "user": "ada",
        "host": "babbage",
        "pid": 7,
        "machine": "",
        "boot": "",
        "started": "",
    },
}


@pytest.mark.parametrize("count", range(1, len(VERSIONS) + 1), ids=VERSIONS)
def test_a_ledger_of_every_earlier_schema_is_brought_forward(tmp_path: Path, count: int) -> None:
    """With what is in it, and then as usable as a new one."""
    path = tmp_path / ".magnumctl" / "ledger.db"
    at_version(path, count)
    ledger = Ledger.open(path, [KeyFile(tmp_path / "key")])
    assert ledger.bay("web") == WEB
    with ledger.change(WEB, "apply", "version: 1"):
        ledger.seal(WEB.uuid, "secrets", "hush")
    assert (ledger.changes()[0].status, ledger.unseal(WEB.uuid, "secrets")) == ("succeeded", "hush")


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    """All of the way or none of it: here a foreign table stands in the way of the third."""
    path = tmp_path / ".magnumctl" / "ledger.db"
    at_version(path, 1)
    with sqlite3.connect(path) as db:
        db.execute("create table secrets (x)")
    with pytest.raises(LedgerError):
        Ledger.open(path)
    names = {row[0] for row in sqlite3.connect(path).execute("select name from sqlite_master where type = 'table'")}
    assert names == {"_sqlite_migrations", "bays", "nodes", "workloads", "secrets"}


def test_a_full_disk_is_named_and_the_next_run_goes_on(ledger: Ledger) -> None:
    """The limit of the file's size stands in for a full disk: SQLite answers the same."""
    program = """
        import resource, signal, sys
        from pathlib import Path
        from magnumctl.errors import LedgerError
        from magnumctl.ledger import JournalEvent, Ledger
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        ledger = Ledger.open(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
        try:
            with ledger.change(ledger.bay("web"), "apply", "") as change:
                for number in range(1000):
                    change.journal(JournalEvent("complete", "x" * 10_000, "create", str(number)))
        except LedgerError as error:
            print(error.summary)
    """
    process = start(program, ledger.path)
    said, _ = process.communicate(timeout=60)
    assert said.decode().strip() in {
        f"the disk that holds the ledger {ledger.path} is full",
        f"the disk that holds the ledger {ledger.path} fails",
    }
    with ledger.change(WEB, "apply", ""):
        pass
    assert ledger.changes()[0].status == "succeeded"
    assert sqlite3.connect(ledger.path).execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """With the system's own reason."""
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError) as error:
        Ledger.open(tmp_path / "file" / ".magnumctl" / "ledger.db")
    assert error.value.detail == "Not a directory"
