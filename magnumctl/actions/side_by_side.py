"""Bays are independent: several at once, and one that fails does not stop the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from magnumctl.errors import MagnumctlError
from magnumctl.terraform import Cancellation

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
    items: Sequence[Item], jobs: int, work: Callable[[Item], Result], cancellation: Cancellation
) -> tuple[Outcome[Item, Result], ...]:
    """Work on up to `jobs` items at once; the outcomes stand in the order of the items.

    A MagnumctlError becomes an outcome, any other exception is a bug and is raised. Ctrl-C and SIGTERM interrupt
    `cancellation`: the work under way ends by itself, as it sees fit, with a TerraformInterruptedError.
    """
    with cancellation.on_signals(), ThreadPoolExecutor(max_workers=max(1, min(jobs, len(items)))) as pool:
        return tuple(pool.map(lambda item: _timed(item, work), items))


def _timed(item: Item, work: Callable[[Item], Result]) -> Outcome[Item, Result]:
    begun = time.monotonic()
    try:
        result = work(item)
    except MagnumctlError as error:
        return Outcome(item, time.monotonic() - begun, error=error)
    return Outcome(item, time.monotonic() - begun, result=result)
