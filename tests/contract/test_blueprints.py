"""The example blueprints: each loads by itself, without a problem or a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from magnumctl.blueprint import load
from magnumctl.shipped import folder

EXAMPLES = sorted(folder("blueprints").glob("*.yaml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_an_example_loads(file: Path) -> None:
    """Without a warning, for the sandbox, and with something in it."""
    blueprint = load([file])
    assert (blueprint.warnings, blueprint.cloud, bool(blueprint.bays)) == ((), "sandbox", True)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_an_example_begins_with_what_it_shows(file: Path) -> None:
    """A reader learns from the first line what the example is for."""
    assert file.read_text().startswith("# ")


def test_the_examples_are_there() -> None:
    """The ones that the documentation names."""
    assert {file.stem for file in EXAMPLES} >= {
        "demo",
        "docker",
        "kubernetes",
        "highly-available",
        "multiplied",
    }
