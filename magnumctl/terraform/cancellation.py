"""Stopping Terraform without losing what it has made."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from magnumctl.errors import TerraformInterruptedError

# A closed terminal (SIGHUP) stops as gently as Ctrl-C does.
HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SENT = (signal.SIGINT, signal.SIGTERM)


class Cancellation:
    """One per command; everything it starts shares it. Once interrupted it stays so: nothing new begins.

    The first `interrupt()` asks Terraform to finish what it is doing and write the state; the second tells it
    to stop at once; the third kills it with its providers. Safe from any thread and from a signal handler.
    """

    def __init__(self) -> None:
        self._lock = threading.Condition()  # reentrant: a signal handler may interrupt its holder
        self._children: set[subprocess.Popen[bytes]] = set()
        self._requests = 0

    @property
    def requested(self) -> bool:
        return self._requests > 0

    def interrupt(self) -> None:
        with self._lock:
            self._requests += 1
            self._lock.notify_all()
            for child in self._children:
                self._stop(child)

    def pause(self, seconds: float) -> None:
        """Sleeps; TerraformInterruptedError when interrupted before or meanwhile."""
        with self._lock:
            interrupted = self._lock.wait_for(lambda: self.requested, seconds)
        if interrupted:
            raise TerraformInterruptedError("stopped by a signal", hint="run the same command again to go on")

    @contextmanager
    def covering(self, child: subprocess.Popen[bytes]) -> Iterator[None]:
        with self._lock:
            self._children.add(child)
            if self.requested:
                self._stop(child)
        try:
            yield
        finally:
            with self._lock:
                self._children.discard(child)

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Ctrl-C, SIGTERM and SIGHUP interrupt this instead of raising; in a thread that gets no signals, nothing."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        heard = [number for number in HEARD if signal.getsignal(number) is not signal.SIG_IGN]
        previous = {number: signal.signal(number, self._on_signal) for number in heard}
        try:
            yield
        finally:
            for number, action in previous.items():
                signal.signal(number, action)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.interrupt()

    def _stop(self, child: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            if self._requests <= len(SENT):
                child.send_signal(SENT[self._requests - 1])
            else:
                os.killpg(child.pid, signal.SIGKILL)
