"""One run of Terraform: its own session, umask 077, its lines as they come.

It writes into files, not pipes. When we are killed, Go programs die of the broken pipe at their next word, and
a server that was being created is in no state; with a file Terraform goes on and writes its state.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from magnumctl.errors import ToolchainError
from magnumctl.terraform.cancellation import Cancellation

POLL_SECONDS = 0.05
CHUNK_BYTES = 1 << 16


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
    with (
        tempfile.TemporaryFile() as stdout,
        tempfile.TemporaryFile() as stderr,
        surroundings.cancellation.on_signals(),
    ):
        child = _start(argv, surroundings, stdout, stderr)
        with surroundings.cancellation.covering(child):
            _listen(child, stdout, on_line)
        stderr.seek(0)
        return Ended(child.returncode, stderr.read().decode(errors="replace"))


def _start(
    argv: tuple[str, ...], surroundings: Surroundings, stdout: IO[bytes], stderr: IO[bytes]
) -> subprocess.Popen[bytes]:
    """A terminal's Ctrl-C goes to the whole foreground group; in its own session only we signal the child."""
    try:
        return subprocess.Popen(
            argv,
            cwd=surroundings.folder,
            env=dict(surroundings.environment),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            umask=0o077,
        )
    except OSError as exc:
        raise ToolchainError(
            f"{argv[0]} cannot be started", detail=exc.strerror or str(exc), hint="magnumctl doctor"
        ) from exc


def _listen(child: subprocess.Popen[bytes], stdout: IO[bytes], on_line: Callable[[str], None]) -> None:
    try:
        for line in _lines(child, stdout.fileno()):
            on_line(line.decode(errors="replace"))
    except BaseException:
        child.terminate()
        child.wait()
        raise


def _lines(child: subprocess.Popen[bytes], written: int) -> Iterator[bytes]:
    """`pread` leaves the offset alone, which the child shares."""
    offset, rest = 0, b""
    ending, ended = _ending(child), False
    while not ended:
        ended = ending.wait(POLL_SECONDS)  # asked first: what it wrote last is read afterwards
        while chunk := os.pread(written, CHUNK_BYTES, offset):
            offset += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
    if rest:
        yield rest


def _ending(child: subprocess.Popen[bytes]) -> threading.Event:
    """Set the moment the child ends: `Popen.wait` with a timeout sleeps past it."""
    ended = threading.Event()

    def wait() -> None:
        child.wait()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    return ended
