"""Bays are independent: several at once, and one that fails does not stop the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from magnumctl.errors import MagnumctlError

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome(Generic[Item, Result]):
    """Exactly one of `result` and `error` is set."""

    item: Item
    seconds: float
    result: Result | None = None
    error: MagnumctlError | None = None


def side_by_side(
    items: Sequence[Item], jobs: int, work: Callable[[Item], Result], interrupt: Callable[[], None]
) -> tuple[Outcome[Item, Result], ...]:
    """Work on up to `jobs` items at once; the outcomes stand in the order of the items.

    A MagnumctlError becomes an outcome, any other exception is a bug and is raised. Ctrl-C calls `interrupt`,
    waits for the work under way to end, and is raised again.
    """
    with ThreadPoolExecutor(max_workers=max(1, min(jobs, len(items)))) as pool:
        futures = [pool.submit(_timed, item, work) for item in items]
        try:
            return tuple(future.result() for future in futures)
        except KeyboardInterrupt:
            interrupt()
            _end(futures)
            raise


def _end(futures: Sequence[Future[Outcome[Item, Result]]]) -> None:
    for future in futures:
        future.cancel()
    wait(futures)


def _timed(item: Item, work: Callable[[Item], Result]) -> Outcome[Item, Result]:
    begun = time.monotonic()
    try:
        result = work(item)
    except MagnumctlError as error:
        return Outcome(item, time.monotonic() - begun, error=error)
    return Outcome(item, time.monotonic() - begun, result=result)
