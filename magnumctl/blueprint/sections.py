"""What stands in which section, over all files, as written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic_core import PydanticCustomError

from .document import BlueprintDocument
from .problems import Problems
from .tree import MappingNode, Pair, ScalarNode
from .wording import Reading, Subject
from .words import checked_label

Section = Literal["baymodels", "bays", "pods", "services", "containers"]
SECTIONS: tuple[Section, ...] = ("baymodels", "bays", "pods", "services", "containers")
Written = Mapping[str, Subject]


@dataclass(frozen=True)
class Sections:
    cloud: str | None = None
    entries: Mapping[Section, dict[str, Subject]] = field(default_factory=lambda: {name: {} for name in SECTIONS})


def gather(roots: Iterable[MappingNode], reading: Reading, problems: Problems) -> Sections:
    clouds: dict[str, Pair] = {}
    sections = Sections()
    for root in roots:
        _read_top(root, reading)
        cloud = root.pairs.get("cloud")
        if cloud and isinstance(cloud.value, ScalarNode) and cloud.value.text:
            clouds.setdefault(cloud.value.text, cloud)
        for name in SECTIONS:
            _gather_section(name, root, sections.entries[name], problems)
    _refuse_two_clouds(clouds, problems)
    return Sections(next(iter(clouds), None), sections.entries)


def _read_top(root: MappingNode, reading: Reading) -> None:
    """Version, unknown keys, sections that are no mappings; entries are read one by one later."""
    pairs = {
        key: Pair(pair.key, MappingNode(pair.value.place, {}))
        if key in {*SECTIONS, "variables"} and isinstance(pair.value, MappingNode)
        else pair
        for key, pair in root.pairs.items()
    }
    reading.read(BlueprintDocument, Subject("", root.place, MappingNode(root.place, pairs)))


def _gather_section(section: Section, root: MappingNode, known: dict[str, Subject], problems: Problems) -> None:
    pair = root.pairs.get(section)
    if not pair or not isinstance(pair.value, MappingNode):
        return
    for name, entry in pair.value.pairs.items():
        path = f"{section}.{name}"
        if name in known:
            first = known[name].key
            message = f"{section[:-1]} {name} is here a second time, first in {first.file}:{first.line}"
            problems.add(entry.key, message, "give one of the two another name", path)
            continue
        try:
            checked_label(name)
        except PydanticCustomError as exc:
            problems.add(entry.key, exc.message(), str((exc.context or {}).get("hint", "")), path)
        known[name] = Subject(path, entry.key, entry.value)


def _refuse_two_clouds(clouds: Mapping[str, Pair], problems: Problems) -> None:
    names = list(clouds)
    for name in names[1:]:
        first = clouds[names[0]].key
        message = f"one blueprint has one cloud: {names[0]} is named in {first.file}:{first.line}"
        problems.add(clouds[name].value.place, message, "--cloud overrides both", "cloud")
