"""Words of the command line that are more than they seem."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from magnumctl.cli.run import ours
from magnumctl.cli.since import seconds_since
from magnumctl.errors import UsageError

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_what_stands_behind_two_dashes_is_not_ours() -> None:
    """`--debug` for the command that exec starts stays with it."""
    words = ["--debug", "pod", "exec", "one", "--", "tool", "--debug"]
    assert (ours(words), ours(words[:4])) == (words[:4], words[:4])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), ("1.5h", 5400), ("1d", 86400), ("2026-01-31T11:59:00Z", 60)],
)
def test_since(text: str, seconds: float) -> None:
    """A time span, or a moment."""
    assert seconds_since(text, NOW) == seconds


@pytest.mark.parametrize("text", ["yesterday", "5", "", "2026-02-01T00:00:00Z"])
def test_no_time(text: str) -> None:
    """What is no time that has been is wrong usage."""
    with pytest.raises(UsageError):
        seconds_since(text, NOW)
