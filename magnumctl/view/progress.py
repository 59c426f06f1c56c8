"""Progress on standard error: a live view on a terminal, one line an event elsewhere."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from magnumctl.actions.events import BayEvent, Tell
from magnumctl.actions.reports import Report

from .plain import clean


@dataclass(frozen=True)
class Audience:
    """Who follows a story of several steps: `show` prints a step's report above the live view, where it stays."""

    tell: Tell
    show: Callable[[Report], None]


@contextmanager
def follow() -> Iterator[Tell]:
    with follow_story() as audience:
        yield audience.tell


@contextmanager
def follow_story() -> Iterator[Audience]:
    if sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        from .screen import on_screen  # noqa: PLC0415 rich costs a script 50 ms that it has no use for

        with on_screen() as (tell, show):
            yield Audience(tell, show)
    else:
        yield Audience(_Lines().hear, _print)


def _print(report: Report) -> None:
    from .text import errors, print_report  # noqa: PLC0415 as above

    print_report(report, errors())


class _Lines:
    """A line each time a bay has something new to say."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._lock = threading.Lock()

    def hear(self, event: BayEvent) -> None:
        if not event.message:
            return
        seconds = time.monotonic() - self._begun
        subject = f"{event.bay}: " if event.bay else ""
        with self._lock:
            sys.stderr.write(f"{seconds:7.1f} s  {subject}{event.stage}: {clean(event.message)}\n")
            sys.stderr.flush()
