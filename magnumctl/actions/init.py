"""Init: a folder with a first blueprint, and the tools in place."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from magnumctl.shipped import folder
from magnumctl.toolchain.engines import find_engine
from magnumctl.toolchain.providers import provider_settings

from .clients import Settings
from .reports import FilesReport

IGNORE = ".magnumctl/\n"


def init(settings: Settings, report: Callable[[str], None]) -> FilesReport:
    """Writes nothing over what is there."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    settings.private.mkdir(exist_ok=True, mode=0o700)
    written = [name for name in ("blueprint.yaml", ".gitignore") if _write(settings, name)]
    provider_settings(find_engine(settings.environ), settings.environ, report)
    return FilesReport(files=tuple(written), message="magnumctl plan")


def _write(settings: Settings, name: str) -> bool:
    path = settings.folder / name
    if name == ".gitignore":
        return _ignore(settings)
    if any(settings.folder.glob("*.yaml")):
        return False
    shutil.copyfile(folder("blueprints") / "demo.yaml", path)
    return True


def _ignore(settings: Settings) -> bool:
    path = settings.folder / ".gitignore"
    text = path.read_text() if path.exists() else ""
    if IGNORE.strip() in text.splitlines():
        return False
    path.write_text(text + IGNORE)
    return True
