"""Several bays at once."""

from __future__ import annotations

import pytest

from magnumctl.actions.side_by_side import side_by_side
from magnumctl.errors import CoeError


def half(number: int) -> int:
    if number % 2:
        raise CoeError(f"{number} is odd")
    return number // 2


def nobody() -> None:
    raise AssertionError


def test_one_that_fails_does_not_stop_the_others() -> None:
    """Each item has its own outcome, in the order of the items."""
    outcomes = side_by_side([2, 3, 4], 2, half, nobody)
    assert [(o.result, o.error.summary if o.error else None) for o in outcomes] == [
        (1, None),
        (None, "3 is odd"),
        (2, None),
    ]


def test_nothing_to_do() -> None:
    """No items, no outcomes."""
    assert side_by_side([], 4, half, nobody) == ()


def test_a_bug_is_raised() -> None:
    """What is no MagnumctlError keeps its traceback."""
    with pytest.raises(ZeroDivisionError):
        side_by_side([1], 1, lambda number: number // 0, nobody)


def test_ctrl_c_interrupts_the_work_under_way_and_is_raised_again() -> None:
    """KeyboardInterrupt is told to the work, which ends before it is raised again."""
    told: list[str] = []

    def interrupted(_: int) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side([1], 1, interrupted, lambda: told.append("interrupted"))
    assert told == ["interrupted"]
