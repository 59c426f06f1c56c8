"""Records that the ledger's tests share."""

from __future__ import annotations

from pathlib import Path

from magnumctl.ledger import BayRecord, Ledger
from magnumctl.ledger.keys import KeyFile

WEB = BayRecord(
    uuid="11111111-2222-4333-8444-555555555555",
    name="web",
    cloud="sandbox",
    project_id="p1",
    project_name="demo",
    coe="kubernetes",
    created_at="2026-01-02T03:04:05+00:00",
    caller_cidr="203.0.113.7/32",
)


def open_ledger(folder: Path) -> Ledger:
    return Ledger.open(folder / ".magnumctl" / "ledger.db", [KeyFile(folder / "key")])
