from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from magnumctl.blueprint import json_schema

from .test_problems import KEYS
from .written import BASE

EXAMPLES = sorted((Path(__file__).parents[3] / "blueprints").glob("*.yaml"))
BETWEEN_KEYS = {"a wrong name", "a name that is too short for Docker", "two forms of a pod", "a service of nothing"}
"""What only the loader sees."""


def complaints(text: str) -> list[str]:
    validator = Draft202012Validator(json_schema())
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def test_the_schema_is_a_schema() -> None:
    """Of the draft that it names."""
    Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_the_schema_takes_every_example(file: Path) -> None:
    """What loads is valid in an editor too."""
    assert complaints(file.read_text()) == []


@pytest.mark.parametrize("name", KEYS.keys() - BETWEEN_KEYS)
def test_the_schema_refuses_what_the_loader_refuses(name: str) -> None:
    """Wrong keys and values, within one object."""
    assert complaints(BASE + KEYS[name][0]) != []


def test_every_key_is_described() -> None:
    """An editor shows a sentence for each."""
    assert list(undescribed(json_schema(), "")) == []


def undescribed(schema: dict[str, Any], path: str) -> list[str]:
    found = [f"{path}.{name}" for name, part in schema.get("properties", {}).items() if "description" not in part]
    for name, part in schema.get("$defs", {}).items():
        found += undescribed(part, name)
    return found
