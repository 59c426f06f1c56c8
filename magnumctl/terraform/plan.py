"""What Terraform means to do to one bay, and the file that says so."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from magnumctl.errors import StalePlanError

Action = Literal["create", "update", "replace", "delete", "none"]
UUID_DIGITS = re.compile(r"-[0-9a-f]{8}$")


@dataclass(frozen=True)
class ResourceChange:
    """`reason` is Terraform's word (`cannot_update`, `replace_triggered_by`, ...), `node` the node of a server."""

    address: str
    kind: str
    action: Action
    reason: str = ""
    node: str | None = None


@dataclass(frozen=True)
class Plan:
    """A plan file holds secrets: use it as a context manager, or `discard()` it.

    `digest` binds it to its workspace and variables, `modules` to the modules, `fingerprint` to the file's bytes.
    """

    workspace: str
    changes: tuple[ResourceChange, ...]
    drift: tuple[ResourceChange, ...]
    file: Path
    digest: str
    modules: str
    fingerprint: str

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def discard(self) -> None:
        shutil.rmtree(self.file.parent, ignore_errors=True)

    def require_file(self) -> None:
        """Raises StalePlanError when the file is gone or is not the one that was planned."""
        if not self.file.is_file():
            raise stale(self.workspace, "Its plan file was used or discarded.")
        if fingerprint(self.file) != self.fingerprint:
            raise stale(self.workspace, "Its plan file was changed after it was made.")

    def require_inputs(self, workspace: str, variables: str) -> None:
        if digest_of(workspace, variables) != self.digest:
            raise stale(self.workspace, f"It was made for {bay_of(self.workspace)} as its blueprint was then.")

    def require_modules(self, modules: str) -> None:
        if modules != self.modules:
            raise stale(self.workspace, "Terraform's modules changed after it was made.")


def digest_of(workspace: str, variables: str) -> str:
    return hashlib.sha256(f"{workspace}\0{variables}".encode()).hexdigest()


def fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def bay_of(workspace: str) -> str:
    """The bay's name, the word that people know: a workspace may be called BAY-UUID (of the uuid eight digits)."""
    return UUID_DIGITS.sub("", workspace)


def stale(workspace: str, why: str) -> StalePlanError:
    return StalePlanError(
        f"the plan of bay {bay_of(workspace)} can no longer be applied", detail=why, hint="magnumctl plan"
    )
