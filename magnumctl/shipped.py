"""Where the folders that ship beside the code lie: in the wheel under `shipped/`, in a checkout at the top."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).parent


def folder(name: Literal["modules", "blueprints", "state"]) -> Path:
    installed = PACKAGE / "shipped" / name
    return installed if installed.is_dir() else PACKAGE.parent / name
