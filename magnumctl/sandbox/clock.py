"""Things that happen later: state changes of the cloud, and what the fabric is told about them."""

from __future__ import annotations

import heapq
import itertools
import sys
import threading
import time
import traceback
from collections.abc import Callable

Deed = Callable[[], None]


class Clock:
    """One thread that does each deed when its time has come, in the order they were asked for.

    A deed that fails is reported on stderr and does not stop the next.
    """

    def __init__(self, name: str) -> None:
        self._due: list[tuple[float, int, Deed]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def after(self, seconds: float, deed: Deed) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), deed))
            self._changed.notify()

    def soon(self, deed: Deed) -> None:
        self.after(0, deed)

    def close(self, timeout: float = 5) -> None:
        """Deeds not yet due are forgotten."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def _run(self) -> None:
        while (deed := self._next()) is not None:
            try:
                deed()
            except Exception:  # noqa: BLE001 - the next deed has its own right to happen
                traceback.print_exc(file=sys.stderr)

    def _next(self) -> Deed | None:
        with self._changed:
            while not self._ended:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
            return None
