"""Text from elsewhere on a terminal."""

from __future__ import annotations

from magnumctl.view.plain import clean


def test_escape_sequences_lose_their_escape() -> None:
    """A name cannot move the cursor or change the title; newlines stay."""
    assert clean("a\x1b[2Jb\x07\u202ec\nd") == "a[2Jbc\nd"
