"""Every command has help with an example and stands in the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from magnumctl.cli.app import app

README = (Path(__file__).parents[2] / "README.md").read_text()


def commands() -> Iterator[tuple[str, object]]:
    root = get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        if below is None:
            yield name, command
        else:
            yield from ((f"{name} {verb}", leaf) for verb, leaf in below.items())


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_has_help_and_an_example(name: str, command: object) -> None:
    """A command says what it does, and shows one way to call it."""
    assert command.help  # type: ignore[attr-defined]
    assert f"magnumctl {name}" in (command.epilog or "")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_stands_in_the_readme(name: str) -> None:
    """A reader of the README meets every command."""
    noun, _, verb = name.partition(" ")
    line = next((line for line in README.splitlines() if f"magnumctl {noun}" in line and verb in line), None)
    assert line is not None
