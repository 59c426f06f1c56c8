"""The three older kinds of patch: JSON merge patch, JSON patch, strategic merge patch."""

from __future__ import annotations

import copy
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError, bad_request
from magnumctl.sandbox.nodes.kubernetes.schema import SET_LISTS, Names, list_keys

MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"


def merge_patched(live: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(live) if isinstance(live, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patched(result.get(name), value)
    return result


def json_patched(live: Json, operations: Any) -> Json:
    result: Any = copy.deepcopy(live)
    if not isinstance(operations, list):
        raise bad_request("error decoding patch: a JSON patch is a list of operations")
    for operation in operations:
        result = _operated(result, operation)
    if not isinstance(result, dict):
        raise bad_request("the patched document is no object")
    return result


def _operated(document: Any, operation: Json) -> Any:
    try:
        return _operate(document, operation)
    except (KeyError, IndexError, TypeError, ValueError) as exc:
        said = f"the server rejected our request due to an error in our request: {operation.get('op')} {exc}"
        raise ApiError(422, "Invalid", said) from exc


def _operate(document: Any, operation: Json) -> Any:
    kind, path = operation["op"], _pointer(operation["path"])
    if kind in {"move", "copy"}:
        source = _pointer(operation["from"])
        value = copy.deepcopy(_looked_up(document, source))
        document = _removed(document, source) if kind == "move" else document
        return _added(document, path, value)
    if kind == "test":
        if _looked_up(document, path) != operation["value"]:
            raise ValueError(f"testing path {operation['path']} failed")
        return document
    if kind == "remove":
        return _removed(document, path)
    if kind == "replace" and path:
        _looked_up(document, path)
        document = _removed(document, path)
    return _added(document, path, operation["value"])


def _pointer(text: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:]]


def _looked_up(document: Any, path: list[str]) -> Any:
    for part in path:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def _removed(document: Any, path: list[str]) -> Any:
    parent = _looked_up(document, path[:-1])
    del parent[int(path[-1]) if isinstance(parent, list) else path[-1]]
    return document


def _added(document: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    parent = _looked_up(document, path[:-1])
    if isinstance(parent, list):
        parent.insert(len(parent) if path[-1] == "-" else int(path[-1]), value)
    else:
        parent[path[-1]] = value
    return document


def strategic_patched(live: Any, patch: Any, names: Names = ()) -> Any:
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    if patch.get("$patch") == "replace":
        return {name: value for name, value in patch.items() if name != "$patch"}
    result = dict(live) if isinstance(live, dict) else {}
    for name, value in patch.items():
        if name.startswith("$"):
            _directed(result, name, value)
        elif value is None or (isinstance(value, dict) and value.get("$patch") == "delete"):
            result.pop(name, None)
        else:
            result[name] = _strategic_value(result.get(name), value, (*names, name))
    return result


def _directed(result: Json, directive: str, value: Any) -> None:
    kind, _, name = directive.partition("/")
    if kind == "$deleteFromPrimitiveList" and name in result:
        result[name] = [each for each in result[name] if each not in value]


def _strategic_value(live: Any, value: Any, names: Names) -> Any:
    if isinstance(value, list):
        return _strategic_list(live if isinstance(live, list) else [], value, names)
    return strategic_patched(live, value, names)


def _strategic_list(live: list[Any], patch: list[Any], names: Names) -> list[Any]:
    if names[-1] in SET_LISTS:
        return [*live, *(each for each in patch if each not in live)]
    keys = list_keys(names)
    if not keys or any(isinstance(each, dict) and each.get("$patch") == "replace" for each in patch):
        return [each for each in patch if not (isinstance(each, dict) and "$patch" in each)]
    result = list(live)
    for item in patch:
        result = _with_item(result, item, keys[0], names)
    return result


def _with_item(items: list[Any], item: Json, key: str, names: Names) -> list[Any]:
    """Strategic merge knows a list's items by one key only."""
    same = [index for index, each in enumerate(items) if each.get(key) == item.get(key)]
    if item.get("$patch") == "delete":
        return [each for index, each in enumerate(items) if index not in same]
    if not same:
        return [*items, strategic_patched({}, item, names)]
    items[same[0]] = strategic_patched(items[same[0]], item, names)
    return items
