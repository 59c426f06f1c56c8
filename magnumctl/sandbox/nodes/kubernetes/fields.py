"""Sets of field paths: who manages what in an object, as FieldsV1 in metadata.managedFields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.schema import SET_LISTS, Names, is_atomic, is_keyed, item_key

Path = tuple[str, ...]
"""Elements as FieldsV1 has them: f:spec, k:{"name":"web"}, v:"x"."""
ABSENT = object()
UNMANAGED = frozenset(
    {("f:apiVersion",), ("f:kind",), ("f:metadata", "f:name"), ("f:metadata", "f:namespace"), ("f:metadata", "f:uid"),
     ("f:metadata", "f:resourceVersion"), ("f:metadata", "f:generation"), ("f:metadata", "f:creationTimestamp"),
     ("f:metadata", "f:selfLink"), ("f:metadata", "f:deletionTimestamp"), ("f:metadata",
     "f:deletionGracePeriodSeconds"),
     ("f:metadata", "f:generateName")}
)  # fmt: skip


def fields_of(body: Mapping[str, Any]) -> frozenset[Path]:
    return frozenset(path for path in _paths(body, (), ()) if not _unmanaged(path))


def _unmanaged(path: Path) -> bool:
    return path in UNMANAGED or path[:2] == ("f:metadata", "f:managedFields") or path == ("f:metadata",)


def _paths(value: Any, path: Path, names: Names) -> Iterator[Path]:
    if isinstance(value, dict) and value and not is_atomic(names):
        for name, inner in value.items():
            yield from _paths(inner, (*path, f"f:{name}"), (*names, name))
    elif isinstance(value, list) and value and is_keyed(names, value):
        for item in value:
            element = (*path, item_key(names, item))
            yield element
            for name, inner in item.items():
                yield from _paths(inner, (*element, f"f:{name}"), (*names, name))
    elif isinstance(value, list) and value and names[-1] in SET_LISTS:
        yield from ((*path, f"v:{json.dumps(item)}") for item in value)
    elif value is not None:
        yield path


def value_at(body: Any, path: Path, names: Names = ()) -> Any:
    """ABSENT when there is nothing at the path."""
    if not path:
        return body
    element, rest = path[0], path[1:]
    if element.startswith("f:"):
        inner = body.get(element[2:], ABSENT) if isinstance(body, dict) else ABSENT
        return ABSENT if inner is ABSENT else value_at(inner, rest, (*names, element[2:]))
    index = _index(body, element, names)
    return ABSENT if index is None else value_at(body[index], rest, names)


def _index(items: Any, element: str, names: Names) -> int | None:
    if not isinstance(items, list):
        return None
    if element.startswith("v:"):
        return next((index for index, item in enumerate(items) if json.dumps(item) == element[2:]), None)
    found = (index for index, item in enumerate(items) if isinstance(item, dict) and item_key(names, item) == element)
    return next(found, None)


def without(body: Any, path: Path, names: Names = ()) -> None:
    """Takes the value at the path out of the body, and what becomes empty by that."""
    element, rest = path[0], path[1:]
    place: Any = element[2:] if element.startswith("f:") else _index(body, element, names)
    if place is None or (isinstance(body, dict) and place not in body) or not isinstance(body, dict | list):
        return
    if rest:
        inner_names = (*names, place) if isinstance(place, str) else names
        without(body[place], rest, inner_names)
    if not rest or body[place] in ({}, []):
        del body[place]


def to_v1(paths: Iterable[Path]) -> Json:
    root: Json = {}
    for path in sorted(paths):
        node = root
        for element in path:
            node = node.setdefault(element, {})
        node["."] = {}
    return _bare(root)


def _bare(node: Json) -> Json:
    """The point that says "this field itself" is left out where nothing stands below."""
    if set(node) == {"."}:
        return {}
    return {name: (inner if name == "." else _bare(inner)) for name, inner in node.items()}


def from_v1(tree: Mapping[str, Any], path: Path = ()) -> frozenset[Path]:
    found: set[Path] = set()
    for name, inner in tree.items():
        if name == ".":
            found.add(path)
        elif not inner:
            found.add((*path, name))
        else:
            found |= from_v1(inner, (*path, name))
    return frozenset(found)


def spoken(path: Path) -> str:
    """.spec.containers[name="web"].image."""
    words = []
    for element in path:
        if element.startswith("f:"):
            words.append("." + element[2:])
        elif element.startswith("v:"):
            words.append(f"[={element[2:]}]")
        else:
            keys = json.loads(element[2:])
            words.append("[" + ",".join(f"{name}={json.dumps(value)}" for name, value in keys.items()) + "]")
    return "".join(words)
