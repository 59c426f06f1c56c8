"""Terraform's folder: the modules copied in, one `init` for all bays, one state a bay beside them.

.magnumctl/terraform/
    bay/  network/  ...     copies of the shipped modules; `bay` is the root module and is initialised
    states/WORKSPACE/       a bay's state
    prepared                what the folder was prepared from
.magnumctl/run/             variables and plan files of running commands
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from magnumctl import private

LEFT_OUT = shutil.ignore_patterns(".terraform*", "tests", "*.tfstate*")
# `path` is for the workspace that Terraform calls "default": a bay may have that name too.
LOCAL_BACKEND = {"path": "../states/default/terraform.tfstate", "workspace_dir": "../states"}
BACKEND_OVERRIDE = "backend_override.tf.json"


class WorkingFolder:
    def __init__(self, folder: Path, modules: Path, root: str) -> None:
        self.folder = folder
        self.modules = modules
        self.root_module = folder / root
        self._prepared = folder / "prepared"
        self._runs = folder.parent / "run"

    def state_file(self, workspace: str) -> Path:
        return self.folder / "states" / _one_name(workspace) / "terraform.tfstate"

    def workspaces(self) -> tuple[str, ...]:
        """Those that have a state."""
        return tuple(sorted(file.parent.name for file in (self.folder / "states").glob("*/terraform.tfstate")))

    def modules_digest(self) -> str:
        digest = hashlib.sha256()
        for file in self._sources():
            digest.update(f"{file.relative_to(self.modules)}\0".encode() + file.read_bytes() + b"\0")
        return digest.hexdigest()

    def prepare(self, given: str, initialise: Callable[[], None]) -> None:
        """Copies and initialises once; again only when the modules, `given` or Terraform's lock file changed."""
        wanted = f"{self.modules_digest()} {hashlib.sha256(given.encode()).hexdigest()}"
        if self._is_prepared(wanted):
            return
        from filelock import FileLock  # noqa: PLC0415 - 25 ms that only the first plan of a folder needs

        make_private(self.folder)
        with FileLock(self.folder / "prepare.lock"):
            if not self._is_prepared(wanted):
                self._prepared.unlink(missing_ok=True)
                self._copy_modules()
                initialise()
                self._prepared.write_text(f"{wanted} {self._lock_digest()}")

    def new_run(self, workspace: str) -> Path:
        """A private folder for one plan. Those of commands that were killed go first: they hold secrets."""
        make_private(self._runs)
        host = socket.gethostname()
        for leftover in self._runs.glob(f"*@{host}.*"):
            if not _alive(leftover.name.rpartition("@")[2].removeprefix(f"{host}.").partition("-")[0]):
                shutil.rmtree(leftover, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=self._runs, prefix=f"{_one_name(workspace)}@{host}.{os.getpid()}-"))

    def _is_prepared(self, wanted: str) -> bool:
        try:
            found = self._prepared.read_text()
        except FileNotFoundError:
            return False
        return found == f"{wanted} {self._lock_digest()}" and self._providers_exist()

    def _providers_exist(self) -> bool:
        """Terraform links to a provider in a mirror, which may be deleted."""
        links = (self.root_module / ".terraform" / "providers").glob("*/*/*/*/*")
        return all(link.exists() for link in links)

    def _lock_digest(self) -> str:
        lock = self.root_module / ".terraform.lock.hcl"
        return hashlib.sha256(lock.read_bytes() if lock.is_file() else b"").hexdigest()

    def _copy_modules(self) -> None:
        for module in sorted(path for path in self.modules.iterdir() if path.is_dir()):
            copy = self.folder / module.name
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(module, copy, ignore=LEFT_OUT)
        override = {"terraform": {"backend": {"local": LOCAL_BACKEND}}}
        (self.root_module / BACKEND_OVERRIDE).write_text(json.dumps(override))

    def _sources(self) -> Iterator[Path]:
        files = (file for file in sorted(self.modules.rglob("*")) if file.is_file())
        for file in files:
            parts = file.relative_to(self.modules).parts
            if "tests" not in parts and not any(part.startswith(".terraform") for part in parts):
                yield file


def make_private(folder: Path) -> None:
    """The folder and the one around it (`.magnumctl`) are the user's alone."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def write_private(file: Path, text: str) -> Path:
    private.create(file, text)
    return file


def _one_name(workspace: str) -> str:
    """A workspace becomes a folder."""
    if not workspace or workspace.startswith(".") or "/" in workspace:
        raise ValueError(f"{workspace!r} cannot name a workspace")
    return workspace


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True
