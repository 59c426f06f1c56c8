"""Tab offers names of the ledger, quickly, and never fails."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from magnumctl.known_names import known_names
from magnumctl.ledger import BayRecord, Ledger, NodeRecord, PushedRecord
from magnumctl.ledger.keys import KeyFile


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    ledger = Ledger.open(tmp_path / ".magnumctl" / "ledger.db", [KeyFile(tmp_path / "key")])
    for name, coe in (("edge", "docker"), ("web", "kubernetes")):
        ledger.record_bay(BayRecord(name, name, "sandbox", "p", "demo", coe, "2026-01-01T00:00:00+00:00", "::/0"))
        ledger.record_nodes(name, (NodeRecord(f"{name}-node", "id", "192.0.2.1", "workers", "worker"),))
    ledger.record_workloads("edge", (PushedRecord("container", "cache", "", ""),))
    ledger.record_workloads("web", (PushedRecord("pod", "nginx", "", ""), PushedRecord("service", "front", "", "")))
    ledger.close()
    return tmp_path


def completed(workspace: Path, line: str) -> list[str]:
    environ = {
        **os.environ,
        "_MAGNUMCTL_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
    }
    words = [sys.executable, "-m", "magnumctl"]
    done = subprocess.run(words, cwd=workspace, env=environ, capture_output=True, text=True, check=False, timeout=30)
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("magnumctl bay show ", ["edge", "web"]),
        ("magnumctl bay show w", ["web"]),
        ("magnumctl plan --bay e", ["edge"]),
        ("magnumctl node show --bay web ", ["web-node"]),
        ("magnumctl node console ", ["edge-node", "web-node"]),
        ("magnumctl pod logs ", ["nginx"]),
        ("magnumctl service show ", ["front"]),
        ("magnumctl container stop ca", ["cache"]),
    ],
)
def test_names_are_offered(workspace: Path, line: str, offered: list[str]) -> None:
    """Of the kind that the command takes, of the bay that the line names."""
    assert completed(workspace, line) == offered


def test_where_there_is_no_ledger_nothing_is_offered(tmp_path: Path) -> None:
    """And none is made."""
    assert (known_names(tmp_path, "bay"), list(tmp_path.iterdir())) == ([], [])


def test_what_is_no_ledger_offers_nothing(tmp_path: Path) -> None:
    """Completing must never fail."""
    (tmp_path / ".magnumctl").mkdir()
    (tmp_path / ".magnumctl" / "ledger.db").write_text("something else")
    assert known_names(tmp_path, "pod") == []


def test_names_come_quickly(workspace: Path) -> None:
    """0.13 s on an idle machine; on one that runs everything else at once a quarter of a second is no SDK yet."""
    python = min(seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)) for _ in range(3))
    best = min(seconds(lambda: completed(workspace, "magnumctl bay show ")) for _ in range(5))
    assert best - python < 0.25


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the processes that it starts: other work on the machine does not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
