"""Multiplies bays by `for_each`, sends workloads of a multiplied bay to all of them, fills in the variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .problems import Problems
from .rendering import Renderer
from .sections import Section, Sections
from .tree import MappingNode, Node, Pair, Place, ScalarNode, SequenceNode, Value
from .variables import EACH
from .wording import Subject

LONGEST_NAME = 63


@dataclass(frozen=True)
class Expanded:
    """One object with its variables filled in; `variables` are those that its files are rendered with."""

    name: str
    subject: Subject
    variables: Mapping[str, Value]


@dataclass(frozen=True)
class Instance:
    """One bay of a multiplied one, and the word it was made for."""

    bay: str
    word: str


class Expansion:
    def __init__(
        self, sections: Sections, renderer: Renderer, variables: Mapping[str, Value], problems: Problems
    ) -> None:
        self._sections = sections
        self._renderer = renderer
        self._variables = variables
        self._problems = problems
        self.multiplied = {
            name: instances
            for name, subject in sections.entries["bays"].items()
            if (instances := self._instances(name, subject)) is not None
        }

    def baymodels(self) -> Iterator[Expanded]:
        for name, subject in self._sections.entries["baymodels"].items():
            yield self._filled(name, subject)

    def bays(self) -> Iterator[Expanded]:
        for name, subject in self._sections.entries["bays"].items():
            if name not in self.multiplied:
                yield self._filled(name, subject)
            for instance in self.multiplied.get(name, ()):
                yield self._filled(instance.bay, subject, instance.word)

    def workloads(self, section: Section) -> Iterator[Expanded]:
        for name, subject in self._sections.entries[section].items():
            named = self._named_bay(subject)
            bay = named.text if named else None
            if named is None or bay not in self.multiplied:
                yield self._filled(name, _in_bay(subject, named.place, bay) if named and bay else subject)
                continue
            for instance in self.multiplied[bay]:
                yield self._filled(name, _in_bay(subject, named.place, instance.bay), instance.word)

    def _filled(self, name: str, subject: Subject, word: str | None = None) -> Expanded:
        variables = self._variables if word is None else {**self._variables, EACH: word}
        node = self._renderer.rendered(subject.node, subject.path, variables)
        return Expanded(name, Subject(subject.path, subject.key, node), variables)

    def _instances(self, name: str, subject: Subject) -> tuple[Instance, ...] | None:
        """None for a bay that is not multiplied, or whose `for_each` is no list of words."""
        pair = subject.node.pairs.get("for_each") if isinstance(subject.node, MappingNode) else None
        if not pair or not isinstance(pair.value, SequenceNode):
            return None
        path = f"{subject.path}.for_each"
        words: dict[str, Place] = {}
        for item in pair.value.items:
            node = self._renderer.rendered(item, path, self._variables)
            if not isinstance(node, ScalarNode) or not node.text:
                return None
            if node.text in words:
                self._problems.add(node.place, f"{node.text} stands twice in for_each", path=path)
            words[node.text] = node.place
        return tuple(self._instance(name, word, place, path) for word, place in words.items())

    def _instance(self, name: str, word: str, place: Place, path: str) -> Instance:
        bay = f"{name}-{word}"
        if len(bay) > LONGEST_NAME:
            self._problems.add(place, f"the bay's name {bay} is longer than {LONGEST_NAME} characters", path=path)
        elif bay in self._sections.entries["bays"]:
            other = self._sections.entries["bays"][bay].key
            message = f"for_each makes a second bay {bay}, the first is in {other.file}:{other.line}"
            self._problems.add(place, message, "give one of the two another name", path)
        return Instance(bay, word)

    def _named_bay(self, subject: Subject) -> ScalarNode | None:
        """The bay that a workload names; a service may leave it to its pod."""
        node = subject.node
        if not isinstance(node, MappingNode):
            return None
        if named := self._scalar(node, "bay", subject.path):
            return named
        pod = self._scalar(node, "pod", subject.path)
        owner = self._sections.entries["pods"].get(pod.text or "") if pod else None
        if not owner or not pod or not isinstance(owner.node, MappingNode):
            return None
        named = self._scalar(owner.node, "bay", owner.path)
        return ScalarNode(pod.place, named.text) if named else None

    def _scalar(self, node: MappingNode, key: str, path: str) -> ScalarNode | None:
        pair = node.pairs.get(key)
        if not pair:
            return None
        value = self._renderer.rendered(pair.value, f"{path}.{key}", self._variables)
        return value if isinstance(value, ScalarNode) and value.text else None


def _in_bay(subject: Subject, place: Place, bay: str) -> Subject:
    node: Node = subject.node
    if isinstance(node, MappingNode):
        pair = node.pairs.get("bay")
        key = pair.key if pair else place
        node = MappingNode(node.place, {**node.pairs, "bay": Pair(key, ScalarNode(place, bay, quoted=True))})
    return Subject(subject.path, subject.key, node)
