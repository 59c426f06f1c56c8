"""Requests side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
THREADS = 16


def in_parallel(work: Callable[[Given], Made], over: Iterable[Given]) -> list[Made]:
    """Every piece of work is finished before the first error, in the order given, is raised."""
    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(work, each) for each in over]
    return [future.result() for future in futures]
