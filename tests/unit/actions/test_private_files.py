"""Files that hold keys."""

from __future__ import annotations

import os
from pathlib import Path

from magnumctl.actions.credentials import write_private


def test_only_the_owner_reads_it_whatever_the_umask(tmp_path: Path) -> None:
    """0600 in a folder of 0700, also under umask 000."""
    before = os.umask(0)
    try:
        write_private(tmp_path / "new" / "key.pem", "secret")
    finally:
        os.umask(before)
    modes = [(tmp_path / "new").stat().st_mode & 0o777, (tmp_path / "new" / "key.pem").stat().st_mode & 0o777]
    assert modes == [0o700, 0o600]


def test_a_symlink_in_its_place_is_replaced_not_followed(tmp_path: Path) -> None:
    """The file that a planted symlink names keeps its text."""
    foreign = tmp_path / "foreign"
    foreign.write_text("theirs")
    (tmp_path / "key.pem").symlink_to(foreign)
    write_private(tmp_path / "key.pem", "ours")
    assert (foreign.read_text(), (tmp_path / "key.pem").read_text()) == ("theirs", "ours")
