"""One run of Terraform: its own session, umask 077, its lines as they come."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from magnumctl.errors import ToolchainError
from magnumctl.terraform.cancellation import Cancellation


@dataclass(frozen=True)
class Ended:
    exit_code: int
    stderr: str


@dataclass(frozen=True)
class Surroundings:
    folder: Path
    environment: Mapping[str, str]
    cancellation: Cancellation


def run(argv: tuple[str, ...], surroundings: Surroundings, on_line: Callable[[str], None]) -> Ended:
    """Blocks until the child has ended, also when `on_line` raises: then the child is asked to stop first."""
    with tempfile.TemporaryFile() as stderr, surroundings.cancellation.on_signals():
        child = _start(argv, surroundings, stderr)
        with surroundings.cancellation.covering(child):
            _listen(child, on_line)
            exit_code = child.wait()
        stderr.seek(0)
        return Ended(exit_code, stderr.read().decode(errors="replace"))


def _start(argv: tuple[str, ...], surroundings: Surroundings, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    """A terminal's Ctrl-C goes to the whole foreground group; in its own session only we signal the child."""
    try:
        return subprocess.Popen(
            argv,
            cwd=surroundings.folder,
            env=dict(surroundings.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
            umask=0o077,
        )
    except OSError as exc:
        raise ToolchainError(
            f"{argv[0]} cannot be started", detail=exc.strerror or str(exc), hint="magnumctl doctor"
        ) from exc


def _listen(child: subprocess.Popen[bytes], on_line: Callable[[str], None]) -> None:
    assert child.stdout is not None  # noqa: S101 - what stdout=PIPE means, for mypy
    with child.stdout as lines:
        try:
            for line in lines:
                on_line(line.decode(errors="replace"))
        except BaseException:
            child.terminate()
            for _ in lines:  # a full pipe would keep it from ending
                pass
            child.wait()
            raise
