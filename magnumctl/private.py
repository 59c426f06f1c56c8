"""Files that hold secrets: made for their owner alone, never through something that is already there."""

from __future__ import annotations

import os
from pathlib import Path


def create(path: Path, text: str) -> None:
    """Mode 0600 whatever the umask; FileExistsError for a file or link of that name."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
