"""Waiting for workloads: what is told on the way, and when to give up."""

from __future__ import annotations

import time
from collections.abc import Sequence

from magnumctl.errors import CoeError, NotReadyError

from .contract import Report, WorkloadStatus


class Patience:
    """One wait. A workload that failed may stand so for some seconds of its own before the wait ends."""

    def __init__(self, bay: str, timeout: float, report: Report) -> None:
        self._bay = bay
        self._timeout = timeout
        self._report = report
        self._deadline = time.monotonic() + timeout
        self._told: dict[tuple[str, str], tuple[str, str]] = {}
        self._failed_since: dict[tuple[str, str], float] = {}

    def is_over(self, found: Sequence[tuple[WorkloadStatus, float]]) -> bool:
        """True when all are ready; NotReadyError when one cannot become so, or when the time is over.

        What a person has stopped or paused is not waited for.
        """
        for status, seconds in found:
            self._tell(status)
            if self._is_hopeless(status, seconds):
                raise self._not_ready([status], f"{status.kind} {status.name} cannot become ready")
        waiting = [status for status, _ in found if status.state not in {"ready", "stopped"}]
        if waiting and time.monotonic() >= self._deadline:
            noun = "workload is" if len(waiting) == 1 else "workloads are"
            raise self._not_ready(waiting, f"{len(waiting)} {noun} not ready after {self._timeout:.0f} s")
        return not waiting

    def try_again(self, trouble: CoeError) -> None:
        """The engine did not answer; raises its error when the time is over."""
        if time.monotonic() >= self._deadline:
            raise trouble

    def _tell(self, status: WorkloadStatus) -> None:
        name, now = (status.kind, status.name), (status.state, status.message)
        if self._told.get(name) != now:
            self._told[name] = now
            self._report(in_a_line(status))

    def _is_hopeless(self, status: WorkloadStatus, seconds: float) -> bool:
        name, now = (status.kind, status.name), time.monotonic()
        if status.state != "failed":
            self._failed_since.pop(name, None)
            return False
        return now - self._failed_since.setdefault(name, now) >= seconds

    def _not_ready(self, statuses: Sequence[WorkloadStatus], summary: str) -> NotReadyError:
        return NotReadyError(
            f"bay {self._bay}: {summary}",
            detail="\n".join(in_a_line(status) for status in statuses),
            hint=f"magnumctl bay show {self._bay}",
        )


def in_a_line(status: WorkloadStatus) -> str:
    return f"{status.kind} {status.name}: {status.state}" + (f", {status.message}" if status.message else "")
