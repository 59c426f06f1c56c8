"""YAML text becomes a tree with places. Bounded in depth and size, whatever aliases do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from .problems import Problems, UnreadableError, any_of
from .tree import MappingNode, Node, Pair, Place, ScalarNode, SequenceNode

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a PyYAML built without libyaml: slower, the same events
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

DEEPEST = 64
MOST_VALUES = 100_000
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
YAML_TAG = "tag:yaml.org,2002:"
KNOWN_TAGS = frozenset(f"{YAML_TAG}{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq"))
TEMPLATE_HINT = 'put quotes around a value that starts with "{{"'


@dataclass(frozen=True, slots=True)
class Composed:
    """A node with the number of values in it and its height, aliases counted as if they were copies."""

    node: Node
    values: int = 1
    height: int = 1


def compose(file: Path, text: str, problems: Problems) -> Node:
    """The one document of a blueprint; UnreadableError at the first thing that is not YAML."""
    documents = compose_all(file, text, problems)
    if len(documents) > 1:
        message = "a second document begins here: a blueprint is one document"
        raise UnreadableError(documents[1].place, message, "put it in a file of its own")
    return documents[0] if documents else ScalarNode(Place(file, 1, 1), None)


def compose_all(file: Path, text: str, problems: Problems) -> list[Node]:
    return _Composer(file, text, problems).documents()


class _Composer:
    def __init__(self, file: Path, text: str, problems: Problems) -> None:
        self._file = file
        self._text = text
        self._problems = problems
        self._events: Iterator[Event] = yaml.parse(text, Loader=Loader)
        self._anchors: dict[str, Composed | None] = {}
        self._values = 0

    def documents(self) -> list[Node]:
        documents = []
        while not isinstance(event := self._next(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                self._anchors = {}
                documents.append(self._composed(self._next(), 1).node)
        return documents

    def _next(self) -> Event:
        try:
            return next(self._events)
        except yaml.MarkedYAMLError as exc:
            raise self._not_yaml(exc) from exc
        except yaml.YAMLError as exc:
            raise UnreadableError(Place(self._file, 1, 1), f"this is not YAML: {exc}") from exc

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> UnreadableError:
        mark = error.problem_mark or error.context_mark
        place = Place(self._file, mark.line + 1, mark.column + 1) if mark else Place(self._file, 1, 1)
        line = self._problems.line(self._file, place.line)
        problem = str(error.problem or error.context or "syntax error")
        if "\t" in line[: place.column] and "cannot start any token" in problem:
            return UnreadableError(place, "a tab cannot indent YAML", "indent with spaces")
        if "{{" in line[: place.column]:
            return UnreadableError(place, f"this is not YAML: {problem}", TEMPLATE_HINT)
        context = f" {error.context}" if error.context and error.problem else ""
        return UnreadableError(place, f"this is not YAML: {problem}{context}")

    def _composed(self, event: Event, depth: int) -> Composed:
        if isinstance(event, AliasEvent):
            return self._aliased(event, depth)
        self._grow(event, 1, depth)
        anchor = event.anchor if isinstance(event, NodeEvent) else None
        if anchor:
            self._anchors[anchor] = None
        composed = self._new(event, depth)
        if anchor:
            self._anchors[anchor] = composed
        return composed

    def _new(self, event: Event, depth: int) -> Composed:
        self._refuse_tag(event)
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, depth)
        if isinstance(event, ScalarEvent):
            return Composed(self._scalar(event))
        raise UnreadableError(self._place(event), "this is not YAML: a value is missing")

    def _aliased(self, event: AliasEvent, depth: int) -> Composed:
        name = str(event.anchor)
        if name not in self._anchors:
            raise UnreadableError(self._place(event), f"there is no anchor &{name} above")
        target = self._anchors[name]
        if target is None:
            raise UnreadableError(self._place(event), f"the anchor &{name} contains itself")
        self._grow(event, target.values, depth + target.height - 1)
        return target

    def _grow(self, event: Event, values: int, depth: int) -> None:
        self._values += values
        if depth > DEEPEST:
            raise UnreadableError(self._place(event), f"values are nested more than {DEEPEST} deep")
        if self._values > MOST_VALUES:
            message = f"the file holds more than {MOST_VALUES} values, aliases counted as copies"
            raise UnreadableError(self._place(event), message)

    def _scalar(self, event: ScalarEvent) -> ScalarNode:
        written = event.style not in {None, ""} or event.tag == f"{YAML_TAG}str"
        if "\0" in event.value:
            raise UnreadableError(self._place(event), "a value cannot hold the character NUL")
        text = None if not written and event.value in NULLS else event.value
        return ScalarNode(self._place(event), text, written)

    def _sequence(self, start: Event, depth: int) -> Composed:
        items: list[Composed] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            items.append(self._composed(event, depth + 1))
        node = SequenceNode(self._place(start), tuple(item.node for item in items))
        return _around(node, items)

    def _mapping(self, start: Event, depth: int) -> Composed:
        pairs: dict[str, Pair] = {}
        merged: dict[str, Pair] = {}
        inside: list[Composed] = []
        while not isinstance(event := self._next(), MappingEndEvent):
            key, place = self._key(event), self._place(event)
            value = self._composed(self._next(), depth + 1)
            inside.append(value)
            if key == "<<" and isinstance(event, ScalarEvent) and not event.style:
                merged |= self._merge(place, value.node)
            elif key in pairs:
                message = f"the key {key} stands here twice, first in line {pairs[key].key.line}"
                self._problems.add(place, message, "keep one of the two")
            else:
                pairs[key] = Pair(place, value.node)
        return _around(MappingNode(self._place(start), merged | pairs), inside)

    def _key(self, event: Event) -> str:
        if isinstance(event, AliasEvent):
            named = self._aliased(event, 1).node
            if isinstance(named, ScalarNode):
                return named.text or ""
        if isinstance(event, ScalarEvent):
            self._grow(event, 1, 1)
            self._refuse_tag(event)
            if event.anchor:
                self._anchors[event.anchor] = Composed(self._scalar(event))
            return self._scalar(event).text or ""
        hint = TEMPLATE_HINT if isinstance(event, MappingStartEvent) and event.flow_style else ""
        raise UnreadableError(self._place(event), "a key must be text", hint)

    def _merge(self, place: Place, value: Node) -> Mapping[str, Pair]:
        sources = value.items if isinstance(value, SequenceNode) else (value,)
        pairs: dict[str, Pair] = {}
        for source in sources:
            if not isinstance(source, MappingNode):
                raise UnreadableError(place, "<< merges a mapping or a list of mappings")
            pairs = {**source.pairs, **pairs}
        return pairs

    def _refuse_tag(self, event: Event) -> None:
        tag = event.tag if isinstance(event, ScalarEvent | CollectionStartEvent) else None
        if tag and tag != "!" and tag not in KNOWN_TAGS:
            shown = tag.replace(YAML_TAG, "!!")
            known = any_of(sorted(known.replace(YAML_TAG, "!!") for known in KNOWN_TAGS))
            raise UnreadableError(self._place(event), f"the tag {shown} is not known here", f"use {known}")

    def _place(self, event: Event) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1) if mark else Place(self._file, 1, 1)


def _around(node: Node, inside: list[Composed]) -> Composed:
    values = 1 + sum(item.values for item in inside)
    return Composed(node, values, 1 + max((item.height for item in inside), default=0))
