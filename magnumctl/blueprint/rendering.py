"""Fills the variables into every string value of a tree; places stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn

from .problems import EnoughError, Problems, did_you_mean
from .tree import MappingNode, Node, Pair, Place, ScalarNode, SequenceNode, Value

if TYPE_CHECKING:
    from .templates import TemplateProblemError, Templates

MOST_VALUES = 300_000
MOST_CHARACTERS = 1 << 25
"""Of all texts that are filled in, and of the variables that they look at."""
MOST_TEMPLATES = 2000
"""Different ones, those of a mere name not counted."""
LONGEST_PLAIN = 1 << 20
MARKED = re.compile(r"\{\{|\{%")
PLAIN = re.compile(r"\{\{ *([A-Za-z_][A-Za-z0-9_]*) *\}\}")
KEYWORDS = frozenset(["true", "false", "none", "True", "False", "None", "and", "or", "not", "if", "else", "is", "in"])


class Renderer:
    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._templates: Templates | None = None
        self._values = 0
        self._characters = 0
        self.asked: set[str] = set()

    def rendered(self, node: Node, path: str, variables: Mapping[str, Value]) -> Node:
        self._values += 1
        if self._values > MOST_VALUES:
            self._too_much(node.place, path)
        if isinstance(node, ScalarNode):
            return self._scalar(node, path, variables)
        if isinstance(node, SequenceNode):
            items = (self.rendered(item, f"{path}.{index}", variables) for index, item in enumerate(node.items))
            return SequenceNode(node.place, tuple(items))
        pairs = {
            key: Pair(pair.key, self.rendered(pair.value, f"{path}.{key}", variables))
            for key, pair in node.pairs.items()
        }
        return MappingNode(node.place, pairs)

    def text(self, text: str, place: Place, path: str, variables: Mapping[str, Value]) -> str | None:
        """The text filled in; None after a problem was told."""
        if not MARKED.search(text):
            return text
        filled = self._plainly(text, variables)
        if filled is None:
            filled = self._by_engine(text, place, path, variables)
        self._characters += len(filled or "")
        if self._characters > MOST_CHARACTERS:
            self._too_much(place, path)
        return filled

    def _plainly(self, text: str, variables: Mapping[str, Value]) -> str | None:
        """Mere names of texts and numbers need no template engine; None when there is more to it."""
        names = PLAIN.findall(text)
        if len(names) != len(MARKED.findall(text)) or not _are_plain(names, variables) or "\r" in text:
            return None
        if len(text) + sum(len(_shown(variables[name])) for name in names) > LONGEST_PLAIN:
            return None
        self.asked |= set(names)
        return PLAIN.sub(lambda found: _shown(variables[found[1]]), text)

    def _by_engine(self, text: str, place: Place, path: str, variables: Mapping[str, Value]) -> str | None:
        from .templates import TemplateProblemError  # noqa: PLC0415 40 ms that most blueprints need not pay

        engine = self._engine()
        if engine.count >= MOST_TEMPLATES:
            self._too_much(place, path)
        try:
            filled = engine.rendered(text, variables)
        except TemplateProblemError as exc:
            self._tell(exc, text, place, path, variables)
            return None
        names = engine.names_in(text)
        self.asked |= names
        self._characters += sum(_size(variables.get(name)) for name in names)
        return filled

    def _scalar(self, node: ScalarNode, path: str, variables: Mapping[str, Value]) -> ScalarNode:
        if node.text is None:
            return node
        text = self.text(node.text, node.place, path, variables)
        if text is None:
            self._problems.spoil(node.place)
            return node
        return ScalarNode(node.place, text, node.quoted or text != node.text)

    def _engine(self) -> Templates:
        if self._templates is None:
            from .templates import Templates  # noqa: PLC0415 as above

            self._templates = Templates()
        return self._templates

    def _tell(
        self, error: TemplateProblemError, text: str, place: Place, path: str, variables: Mapping[str, Value]
    ) -> None:
        from .templates import UnknownVariablesError  # noqa: PLC0415 as above

        if not isinstance(error, UnknownVariablesError):
            where = self._place_of(re.escape(error.about), text, place)
            self._problems.add(where, f"the template {error.message}", error.hint, path)
            return
        for name in error.names:
            where = self._place_of(rf"\b{re.escape(name)}\b", text, place)
            if name == "each":
                message = "each has a value only in a bay with for_each and in its workloads"
                self._problems.add(where, message, path=path)
            else:
                hint = did_you_mean(name, variables) or f"declare it under variables or give --var {name}=VALUE"
                self._problems.add(where, f"there is no variable {name}", hint, path)

    def _place_of(self, pattern: str, text: str, place: Place) -> Place:
        """Where in the scalar's source the pattern is, from its first braces on; else where the scalar begins."""
        wanted = re.compile(pattern)
        for number in range(place.line, place.line + text.count("\n") + 2):
            line = self._problems.line(place.file, number)
            start = place.column - 1 if number == place.line else 0
            braces = MARKED.search(line, start)
            if braces and (found := wanted.search(line, braces.start())):
                return Place(place.file, number, found.start() + 1)
        return place

    def _too_much(self, place: Place, path: str) -> NoReturn:
        """Ends the reading: every further value would be one too many again."""
        message = "the blueprint becomes too large when its bays are multiplied and its variables filled in"
        self._problems.add(place, message, path=path)
        raise EnoughError


def _are_plain(names: Iterable[str], variables: Mapping[str, Value]) -> bool:
    return all(name not in KEYWORDS and name in variables and isinstance(variables[name], str | int) for name in names)


def _shown(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _size(value: Value) -> int:
    if isinstance(value, list):
        return sum(map(_size, value))
    return sum(map(_size, value.values())) if isinstance(value, dict) else len(str(value))
