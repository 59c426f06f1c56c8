"""The blueprint's variables: declared in the files, overridden by variable files, then by `--var`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from .composer import compose
from .problems import Problems, UnreadableError, did_you_mean
from .reader import read_text
from .rendering import Renderer
from .tree import MappingNode, Node, Pair, Place, ScalarNode, SequenceNode, Value

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
LONGEST_VALUE = 64 * 1024
EACH = "each"
TRUTHS = {"true": True, "false": False}


def declared_pairs(roots: Iterable[MappingNode], problems: Problems) -> dict[str, Pair]:
    """What the files' `variables:` say, as written; a name in two files is a problem."""
    declared: dict[str, Pair] = {}
    for root in roots:
        section = root.pairs.get("variables")
        pairs = section.value.pairs if section and isinstance(section.value, MappingNode) else {}
        for name, pair in pairs.items():
            path = f"variables.{name}"
            if name in declared:
                first = declared[name].key
                message = f"the variable {name} is declared twice, first in {first.file}:{first.line}"
                problems.add(pair.key, message, "keep one of the two", path)
            elif name == EACH or not NAME.fullmatch(name):
                hint = "letters, digits and _, and not the word each"
                problems.add(pair.key, f'"{name}" cannot be the name of a variable', hint, path)
            else:
                declared[name] = pair
    return declared


def overrides(files: Sequence[Path], settings: Mapping[str, str], problems: Problems) -> dict[str, Value]:
    """Later files win over earlier ones, `--var` over all of them."""
    values: dict[str, Value] = {}
    for file in files:
        try:
            values |= _read_values(file, problems)
        except UnreadableError as exc:
            problems.unreadable(exc)
    return values | {name: scalar_value(text) for name, text in settings.items()}


def _read_values(file: Path, problems: Problems) -> dict[str, Value]:
    text = read_text(file)
    problems.register(file, text)
    root = compose(file, text, problems)
    if isinstance(root, ScalarNode) and root.text is None:
        return {}
    if not isinstance(root, MappingNode):
        raise UnreadableError(root.place, "a variable file is a mapping of names to values")
    return {name: value_of(pair.value) for name, pair in root.pairs.items()}


def valued(
    declared: Mapping[str, Pair], over: Mapping[str, Value], renderer: Renderer, problems: Problems
) -> dict[str, Value]:
    """Every variable's value; a declared one may use those above it."""
    values = dict(over)
    for name, pair in declared.items():
        if name in over:
            continue
        node = renderer.rendered(pair.value, f"variables.{name}", values)
        if isinstance(node, ScalarNode) and node.text is None:
            problems.add(pair.key, f"the variable {name} has no value", f"--var {name}=VALUE", f"variables.{name}")
            node = ScalarNode(node.place, "")
        values[name] = value_of(node)
    return {name: _bounded(name, value, declared, problems) for name, value in values.items()}


def _bounded(name: str, value: Value, declared: Mapping[str, Pair], problems: Problems) -> Value:
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        place = declared[name].key if name in declared else Place(Path("--var"), 1, 1)
        problems.add(place, f"the value of the variable {name} is larger than 64 KiB", path=f"variables.{name}")
        return ""
    return value


def strangers(declared: Mapping[str, Pair], settings: Mapping[str, str], used: AbstractSet[str]) -> list[str]:
    """Warnings for `--var` names that nothing declares or uses: most likely slips."""
    return [
        f"--var {name}: the blueprint has no such variable. {did_you_mean(name, declared, 'its variables')}".rstrip()
        for name in settings
        if name not in declared and name not in used
    ]


def value_of(node: Node) -> Value:
    if isinstance(node, SequenceNode):
        return [value_of(item) for item in node.items]
    if isinstance(node, MappingNode):
        return {key: value_of(pair.value) for key, pair in node.pairs.items()}
    return node.text if node.quoted or node.text is None else scalar_value(node.text)


def scalar_value(text: str) -> Value:
    """Numbers and truths so far as they are written back exactly as they were read."""
    if WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return TRUTHS.get(text, text)
