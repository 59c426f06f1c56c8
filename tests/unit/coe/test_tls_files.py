"""A client key on disk."""

from __future__ import annotations

import stat
from pathlib import Path

from magnumctl.coe.contract import ClientTls
from magnumctl.coe.tls_files import TlsFiles


def test_keys_are_private_and_go_with_their_client() -> None:
    """Nobody else can read them, and nothing is left behind."""
    files = TlsFiles(ClientTls("ca", "certificate", "key"))
    key = Path(files.key)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (key.parent, key)]
    assert (modes, key.read_text()) == ([0o700, 0o600], "key")
    del files
    assert not key.parent.exists()
