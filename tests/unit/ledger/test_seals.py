"""Sealed secrets and the keys that open them."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from magnumctl.errors import SealError
from magnumctl.ledger import Ledger
from magnumctl.ledger.keyrings import in_time, usable_keyring
from magnumctl.ledger.keys import KeyFile, KeyringKey, KeySource, Passphrase, key_sources

from .bays import WEB


def sealed(folder: Path, *sources: KeySource) -> Ledger:
    ledger = Ledger.open(folder / ".magnumctl" / "ledger.db", sources)
    ledger.record_bay(WEB)
    ledger.seal(WEB.uuid, "secrets", "hush")
    return ledger


def again(folder: Path, *sources: KeySource) -> str | None:
    return Ledger.open(folder / ".magnumctl" / "ledger.db", sources).unseal(WEB.uuid, "secrets")


def test_what_was_sealed_opens_with_the_same_passphrase(tmp_path: Path) -> None:
    """In another process, after a restart."""
    sealed(tmp_path, Passphrase("correct horse"))
    assert again(tmp_path, Passphrase("correct horse")) == "hush"


def test_a_wrong_passphrase_is_told_apart_and_helped(tmp_path: Path) -> None:
    """Not a corrupt text, but another key."""
    sealed(tmp_path, Passphrase("correct horse"))
    with pytest.raises(SealError) as error:
        again(tmp_path, Passphrase("wrong horse"))
    assert error.value.hint == "set MAGNUMCTL_KEY to the passphrase that the ledger was sealed with"


def test_a_lost_key_file_is_named(tmp_path: Path) -> None:
    """A SealError that says where the key was looked for."""
    sealed(tmp_path, KeyFile(tmp_path / "key"))
    (tmp_path / "key").unlink()
    with pytest.raises(SealError) as error:
        again(tmp_path, KeyFile(tmp_path / "key"))
    assert error.value.detail == f"asked: {tmp_path / 'key'}"


def test_unsealing_makes_no_key(tmp_path: Path) -> None:
    """A new key opens nothing; it would only hide that the old one is missing."""
    sealed(tmp_path, KeyFile(tmp_path / "key"))
    (tmp_path / "key").unlink()
    with pytest.raises(SealError):
        again(tmp_path, KeyFile(tmp_path / "key"))
    assert not (tmp_path / "key").exists()


def test_a_passphrase_set_later_leaves_older_secrets_open(tmp_path: Path) -> None:
    """Each secret remembers the key it was sealed with."""
    sealed(tmp_path, KeyFile(tmp_path / "key"))
    ledger = Ledger.open(tmp_path / ".magnumctl" / "ledger.db", [Passphrase("new"), KeyFile(tmp_path / "key")])
    ledger.seal(WEB.uuid, "later", "hush too")
    assert (ledger.unseal(WEB.uuid, "secrets"), ledger.unseal(WEB.uuid, "later")) == ("hush", "hush too")


def test_the_key_that_is_there_is_used_before_a_new_one_is_made(tmp_path: Path) -> None:
    """A keyring that appears later does not part the secrets in two."""
    sealed(tmp_path, KeyFile(tmp_path / "key"))
    ledger = Ledger.open(
        tmp_path / ".magnumctl" / "ledger.db", [KeyFile(tmp_path / "preferred"), KeyFile(tmp_path / "key")]
    )
    ledger.seal(WEB.uuid, "later", "hush too")
    assert not (tmp_path / "preferred").exists()


def test_a_text_altered_on_disk_does_not_open(tmp_path: Path) -> None:
    """AES-GCM authenticates."""
    ledger = sealed(tmp_path, Passphrase("correct horse"))
    with sqlite3.connect(ledger.path) as db:
        db.execute("update secrets set ciphertext = zeroblob(length(ciphertext))")
    with pytest.raises(SealError, match="was altered"):
        ledger.unseal(WEB.uuid, "secrets")


def test_a_text_moved_to_another_name_does_not_open(tmp_path: Path) -> None:
    """The bay and the name are authenticated with it."""
    ledger = sealed(tmp_path, Passphrase("correct horse"))
    with sqlite3.connect(ledger.path) as db:
        db.execute("update secrets set name = 'other'")
    with pytest.raises(SealError, match="was altered"):
        ledger.unseal(WEB.uuid, "other")


def test_two_ledgers_with_one_passphrase_have_two_keys(tmp_path: Path) -> None:
    """The salt is the ledger's own."""
    prints = set()
    for name in ("a", "b"):
        ledger = sealed(tmp_path / name, Passphrase("same"))
        with sqlite3.connect(ledger.path) as db:
            prints |= {row[0] for row in db.execute("select fingerprint from keys")}
    assert len(prints) == 2


def test_neither_secret_nor_key_lies_in_the_files(tmp_path: Path) -> None:
    """Also not in the write-ahead log, nor after it was forgotten."""
    ledger = sealed(tmp_path, Passphrase("marker-key"))
    ledger.seal(WEB.uuid, "more", "marker-secret")
    written = b"".join(file.read_bytes() for file in ledger.path.parent.iterdir())
    assert (b"marker-key" in written, b"marker-secret" in written) == (False, False)


def test_a_passphrase_does_not_show(tmp_path: Path) -> None:
    """repr ends up in tracebacks and logs."""
    assert "correct horse" not in repr(Passphrase("correct horse"))


def test_a_new_key_file_is_private(tmp_path: Path) -> None:
    """0600 in a folder of 0700."""
    sealed(tmp_path, KeyFile(tmp_path / "keys" / "key"))
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys", tmp_path / "keys" / "key")]
    assert modes == [0o700, 0o600]


def test_a_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    """As ssh does; the way out is named."""
    sealed(tmp_path, KeyFile(tmp_path / "key"))
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(SealError) as error:
        again(tmp_path, KeyFile(tmp_path / "key"))
    assert error.value.hint == f"chmod 600 {tmp_path / 'key'}"


def test_a_key_file_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    """No half key is ever used."""
    (tmp_path / "key").touch(0o600)
    with pytest.raises(SealError, match="is no key of magnumctl"):
        sealed(tmp_path, KeyFile(tmp_path / "key"))


def test_no_place_for_a_key_points_to_the_passphrase(tmp_path: Path) -> None:
    """A machine without a keyring and without a home."""
    with pytest.raises(SealError) as error:
        sealed(tmp_path, KeyringKey(lambda: None))
    assert error.value.hint == "give a passphrase in MAGNUMCTL_KEY"


def test_the_passphrase_comes_first() -> None:
    """Then the keyring, then the file."""
    assert [source.name for source in key_sources({"MAGNUMCTL_KEY": "x"})] == ["passphrase", "keyring", "file"]


def test_without_a_session_bus_no_keyring_is_asked() -> None:
    """On Linux; to look for one there can hang."""
    assert usable_keyring({}) is None


def test_a_keyring_that_does_not_answer_is_given_up() -> None:
    """A backend that fails counts as none."""

    def fail() -> str:
        raise RuntimeError("no prompt")

    assert (in_time(fail), in_time(lambda: "key")) == (None, "key")
