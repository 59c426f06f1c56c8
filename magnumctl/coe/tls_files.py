"""A client certificate on disk for as long as a client lives: Python's ssl takes it from files only."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from magnumctl import private

from .contract import ClientTls


class TlsFiles:
    """`ca`, `certificate` and `key` are paths, 0600 in a 0700 folder that goes with this object or the process."""

    def __init__(self, tls: ClientTls) -> None:
        folder = Path(tempfile.mkdtemp(prefix="magnumctl-"))
        self._removal = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.ca = write_private(folder / "ca.pem", tls.ca)
        self.certificate = write_private(folder / "certificate.pem", tls.certificate)
        self.key = write_private(folder / "key.pem", tls.key)

    def remove(self) -> None:
        self._removal()


def write_private(path: Path, text: str) -> str:
    private.create(path, text)
    return str(path)
