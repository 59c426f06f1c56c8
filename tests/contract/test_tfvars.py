"""The compiler and the root module agree on every key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel

from magnumctl import shipped
from magnumctl.compiler import BayVariables

DECLARATION = re.compile(r'^variable "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
TYPE = re.compile(
    r"^  type\s+= (.*?)\n  (?:nullable|sensitive|validation|default|description)", re.MULTILINE | re.DOTALL
)
ATTRIBUTE = re.compile(r"(\w+)\s*=\s*(?:optional\()?(?:string|number|bool|map|list|set|object)\b")


def declared() -> dict[str, set[str]]:
    """Every variable of modules/bay with the attributes of its type, at whatever depth."""
    text = (shipped.folder("modules") / "bay" / "variables.tf").read_text()
    return {name: set(ATTRIBUTE.findall(typed(body))) for name, body in DECLARATION.findall(text)}


def typed(body: str) -> str:
    found = TYPE.search(body)
    assert found is not None, body
    return found.group(1)


def compiled() -> dict[str, set[str]]:
    fields = BayVariables.model_fields.items()
    return {name: set(attributes(field.annotation)) for name, field in fields}


def attributes(annotation: object) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield name
            yield from attributes(field.annotation)
    for inner in get_args(annotation):
        yield from attributes(inner)


def test_the_compiler_gives_every_variable_that_the_root_module_declares() -> None:
    """Names of variables, and of all attributes in their types, are the same on both sides."""
    assert compiled() == declared()
