"""The live view: a line for each bay, showing where it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Group
from rich.live import Live
from rich.text import Text

from magnumctl.actions.events import BayEvent, Tell
from magnumctl.actions.reports import Report

from .plain import clean
from .text import errors, print_report


@contextmanager
def on_screen() -> Iterator[tuple[Tell, Callable[[Report], None]]]:
    """Who is told what happens, and what prints a report above the live lines."""
    console = errors()
    with Live(console=console, refresh_per_second=8, transient=True) as live:
        yield _Screen(live).hear, lambda report: print_report(report, console)


class _Screen:
    def __init__(self, live: Live) -> None:
        self._live = live
        self._last: dict[str, BayEvent] = {}
        self._begun = time.monotonic()
        self._lock = threading.Lock()

    def hear(self, event: BayEvent) -> None:
        if not event.message:
            return
        with self._lock:
            self._last[event.bay] = event
            lines = [self._line(last) for last in self._last.values()]
            self._live.update(Group(*lines))

    def _line(self, event: BayEvent) -> Text:
        seconds = time.monotonic() - self._begun
        subject = f"{event.bay:<20} " if event.bay else ""
        line = Text(f"{seconds:6.1f} s  {subject}{event.stage:<15} {clean(event.message)}")
        line.truncate(self._live.console.width, overflow="ellipsis")
        return line
