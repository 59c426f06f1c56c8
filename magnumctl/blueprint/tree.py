"""YAML as it was written: text only, every key and value with its place.

Scalars keep their source text (`1.30` stays 1.30, `no` stays no, `22:22` is no number); what a value means is
decided by the document model that reads it, never by YAML's guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column count from 1."""

    file: Path
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """`text` None is YAML's null. `quoted`: in quotes or a block, so that it can only be text."""

    place: Place
    text: str | None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class SequenceNode:
    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A value and the place of the key that names it."""

    key: Place
    value: Node


@dataclass(frozen=True, slots=True)
class MappingNode:
    place: Place
    pairs: Mapping[str, Pair]

    def text_of(self, key: str) -> str | None:
        """The text of a scalar under `key`, None for anything else."""
        pair = self.pairs.get(key)
        return pair.value.text if pair and isinstance(pair.value, ScalarNode) else None


Node = ScalarNode | SequenceNode | MappingNode
Plain = str | None | list["Plain"] | dict[str, "Plain"]
Value = str | int | bool | list["Value"] | dict[str, "Value"] | None
"""What a variable may hold."""
Step = str | int


def plain(node: Node) -> Plain:
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {key: plain(pair.value) for key, pair in node.pairs.items()}


def steps_down(node: Node, route: Sequence[Step]) -> Iterator[Pair]:
    """The pairs along a route, as far as it exists; an item of a list counts as its own key."""
    for step in route:
        if isinstance(node, MappingNode) and step in node.pairs:
            pair = node.pairs[str(step)]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            pair = Pair(node.items[step].place, node.items[step])
        else:
            return
        yield pair
        node = pair.value


def laid_over(base: MappingNode, over: MappingNode, deep: frozenset[str] = frozenset()) -> MappingNode:
    """`over`'s keys win; those in `deep` are merged key by key when both are mappings."""
    pairs = dict(base.pairs)
    for key, pair in over.pairs.items():
        below = pairs.get(key)
        if key in deep and below and isinstance(below.value, MappingNode) and isinstance(pair.value, MappingNode):
            pairs[key] = Pair(pair.key, laid_over(below.value, pair.value))
        else:
            pairs[key] = pair
    return MappingNode(over.place, pairs)
