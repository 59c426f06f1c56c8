"""Several bays at once."""

from __future__ import annotations

import os
import signal

import pytest

from magnumctl.actions.side_by_side import side_by_side
from magnumctl.errors import CoeError, TerraformInterruptedError
from magnumctl.terraform import Cancellation


def half(number: int) -> int:
    if number % 2:
        raise CoeError(f"{number} is odd")
    return number // 2


def test_one_that_fails_does_not_stop_the_others() -> None:
    """Each item has its own outcome, in the order of the items."""
    outcomes = side_by_side([2, 3, 4], 2, half, Cancellation())
    assert [(o.result, o.error.summary if o.error else None) for o in outcomes] == [
        (1, None),
        (None, "3 is odd"),
        (2, None),
    ]


def test_nothing_to_do() -> None:
    """No items, no outcomes."""
    assert side_by_side([], 4, half, Cancellation()) == ()


def test_a_bug_is_raised() -> None:
    """What is no MagnumctlError keeps its traceback."""
    with pytest.raises(ZeroDivisionError):
        side_by_side([1], 1, lambda number: number // 0, Cancellation())


def test_ctrl_c_interrupts_the_work_under_way() -> None:
    """The signal reaches the work, which ends by itself; nothing is raised in the main thread."""
    cancellation = Cancellation()

    def until_interrupted(_: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        cancellation.pause(10)

    outcomes = side_by_side([1], 1, until_interrupted, cancellation)
    assert [type(outcome.error) for outcome in outcomes] == [TerraformInterruptedError]
