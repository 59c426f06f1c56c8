"""Containers that a person has stopped or paused."""

from __future__ import annotations

from pathlib import Path

from .bays import WEB, open_ledger


def test_held_until_released(tmp_path: Path) -> None:
    """The last word of each counts, and a released one is forgotten."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    ledger.hold(WEB.uuid, "cache", "paused")
    ledger.hold(WEB.uuid, "cache", "stopped")
    ledger.hold(WEB.uuid, "web", "paused")
    before = dict(ledger.held(WEB.uuid))
    ledger.release(WEB.uuid, ["web", "unknown"])
    assert (before, ledger.held(WEB.uuid)) == ({"cache": "stopped", "web": "paused"}, {"cache": "stopped"})


def test_a_forgotten_bay_holds_nothing(tmp_path: Path) -> None:
    """What was held goes with its bay."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    ledger.hold(WEB.uuid, "cache", "stopped")
    ledger.forget_bay(WEB.uuid)
    assert ledger.held(WEB.uuid) == {}
