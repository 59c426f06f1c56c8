"""The format that errors are shown in is known before the command line is parsed."""

from __future__ import annotations

import pytest

from magnumctl.cli.output import asked_for
from magnumctl.view.output import Format


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], Format.text),
        (["plan"], Format.text),
        (["plan", "-o", "json"], Format.json),
        (["plan", "-ojson"], Format.json),
        (["plan", "--output", "yaml", "x"], Format.yaml),
        (["plan", "--output=json"], Format.json),
        (["plan", "-o"], Format.text),
        (["plan", "json"], Format.text),
    ],
)
def test_asked_for(words: list[str], expected: Format) -> None:
    """Every way to write `-o` is understood."""
    assert asked_for(words) == expected
