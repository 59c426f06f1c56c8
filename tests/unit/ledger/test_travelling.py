"""A bay's record travels as one text: stable, sealed, and bound to what it says in the clear."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from magnumctl.errors import SealError
from magnumctl.ledger import Ledger
from magnumctl.ledger.keys import Passphrase

from .bays import WEB

SECRETS = '{"ca": "top secret"}'


def ledger(folder: Path, passphrase: str = "one") -> Ledger:
    return Ledger.open(folder / "ledger.db", (Passphrase(passphrase),))


def test_the_same_record_gives_the_same_text(tmp_path: Path) -> None:
    """A plan without changes stays one, in this process and in the next."""
    first = ledger(tmp_path / "a")
    first.record_bay(WEB)
    first.seal(WEB.uuid, "secrets", SECRETS)
    texts = {first.travelling_text(WEB, SECRETS), ledger(tmp_path / "a").travelling_text(WEB, SECRETS)}
    assert len(texts) == 1


def test_another_ledger_reads_it_with_the_same_passphrase(tmp_path: Path) -> None:
    """Nothing of the lost ledger is needed but what opens it."""
    text = ledger(tmp_path / "lost").travelling_text(WEB, SECRETS)
    assert ledger(tmp_path / "new").travelled(text) == (WEB, SECRETS)


def test_a_rebuilt_ledger_writes_the_same_text(tmp_path: Path) -> None:
    """The key with its salt is taken over, so that the next plan has no changes."""
    text = ledger(tmp_path / "lost").travelling_text(WEB, SECRETS)
    new = ledger(tmp_path / "new")
    record, secrets = new.travelled(text)
    assert new.travelling_text(record, secrets) == text


def test_another_passphrase_does_not_open_it(tmp_path: Path) -> None:
    """SealError, with what was tried."""
    text = ledger(tmp_path / "lost").travelling_text(WEB, SECRETS)
    with pytest.raises(SealError):
        ledger(tmp_path / "new", "two").travelled(text)


def test_the_secrets_are_not_in_the_text(tmp_path: Path) -> None:
    """It lies in a state file that others may read."""
    assert "top secret" not in ledger(tmp_path).travelling_text(WEB, SECRETS)


def test_an_altered_record_does_not_open(tmp_path: Path) -> None:
    """Who writes into the state cannot move a bay to another project."""
    text = ledger(tmp_path / "lost").travelling_text(WEB, SECRETS)
    whole = json.loads(text)
    whole["bay"]["project_id"] = "another"
    with pytest.raises(SealError, match="was altered"):
        ledger(tmp_path / "new").travelled(json.dumps(whole))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"bay": {"uuid": 1}, "key": {}}'])
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    """SealError, not a traceback."""
    with pytest.raises(SealError):
        ledger(tmp_path).travelled(text)
