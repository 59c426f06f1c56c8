"""The installed command as a user runs it: a process of its own, its words, its output, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = str(Path(sys.executable).parent / "magnumctl")


@dataclass(frozen=True)
class Finished:
    exit_code: int
    stdout: str
    stderr: str

    @property
    def report(self) -> Any:
        return json.loads(self.stdout)


@dataclass(frozen=True)
class Magnumctl:
    """One workspace on one cloud."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 600.0

    @property
    def environment(self) -> dict[str, str]:
        return {**_without_clouds(os.environ), **self.environ}

    def __call__(self, *words: str) -> Finished:
        finished = subprocess.run(
            [COMMAND, *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=self.timeout,
            check=False,
        )
        return Finished(finished.returncode, finished.stdout, finished.stderr)

    def must(self, *words: str) -> Finished:
        """Runs a command that has to succeed; what it said is the failure's message."""
        finished = self(*words)
        assert finished.exit_code == 0, f"magnumctl {' '.join(words)}\n{finished.stderr}\n{finished.stdout}"
        return finished

    def report(self, *words: str) -> Any:
        return self.must(*words, "-o", "json").report

    def write(self, text: str, name: str = "blueprint.yaml") -> None:
        (self.folder / name).write_text(text)


def _without_clouds(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith(("OS_", "MAGNUMCTL_SANDBOX"))}
