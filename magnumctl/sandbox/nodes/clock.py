"""One thread that runs what nodes and controllers want done later, whatever the number of nodes."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)


@dataclass(order=True)
class Timer:
    due: float
    order: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    def __init__(self) -> None:
        self._timers: list[Timer] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._open = True
        threading.Thread(target=self._run, name="sandbox-clock", daemon=True).start()

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        timer = Timer(time.monotonic() + seconds, next(self._order), action)
        with self._changed:
            heapq.heappush(self._timers, timer)
            self._changed.notify()
        return timer

    def close(self) -> None:
        with self._changed:
            self._open = False
            self._changed.notify()

    def _run(self) -> None:
        while (timer := self._next()) is not None:
            try:
                timer.action()
            except Exception:
                logger.exception("an action of the sandbox failed")

    def _next(self) -> Timer | None:
        with self._changed:
            while self._open:
                while self._timers and self._timers[0].cancelled:
                    heapq.heappop(self._timers)
                wait = self._timers[0].due - time.monotonic() if self._timers else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._timers)
                self._changed.wait(wait)
        return None
