"""Server-side apply: what is applied is merged, what is no longer applied goes, what others set is a conflict."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError, Cause
from magnumctl.sandbox.nodes.kubernetes.fields import ABSENT, Path, fields_of, spoken, value_at, without
from magnumctl.sandbox.nodes.kubernetes.managers import Manager, managers_of, write_managers
from magnumctl.sandbox.nodes.kubernetes.objects import now
from magnumctl.sandbox.nodes.kubernetes.schema import SET_LISTS, Names, is_atomic, is_keyed, item_key


def applied(live: Json, wish: Json, manager: str, force: bool, subresource: str = "") -> Json:
    """ApiError 409 that names the other managers, unless forced."""
    fields = fields_of(wish)
    others = [each for each in managers_of(live) if each.identity != (manager, "Apply", subresource)]
    conflicts = [
        (other, path) for other in others for path in sorted(other.fields & fields) if _differs(live, wish, path)
    ]
    if conflicts and not force:
        raise _conflict(conflicts)
    result: Json = merged(live, wish)
    mine = next((each for each in managers_of(live) if each.identity == (manager, "Apply", subresource)), None)
    _prune(result, (mine.fields if mine else frozenset()) - fields, others)
    lost = {path for _, path in conflicts}
    kept = [replace(other, fields=other.fields - lost) for other in others]
    moment = mine.time if mine and mine.fields == fields else now()
    write_managers(result, [Manager(manager, "Apply", wish["apiVersion"], subresource, moment, fields), *kept])
    return result


def _differs(live: Json, wish: Json, path: Path) -> bool:
    """A list item that both have is no conflict: its fields may be."""
    if path[-1].startswith(("k:", "v:")):
        return False
    return bool(value_at(live, path) != value_at(wish, path))


def _prune(result: Json, given_up: frozenset[Path], others: Sequence[Manager]) -> None:
    """What nobody applies any more goes, unless another manager holds it or something within it."""
    for path in sorted(given_up, key=len):
        held = any(other[: len(path)] == path for manager in others for other in manager.fields)
        if not held and value_at(result, path) is not ABSENT:
            without(result, path)


def _conflict(conflicts: Sequence[tuple[Manager, Path]]) -> ApiError:
    causes = [Cause("FieldManagerConflict", f"conflict with {_named(each)}", spoken(path)) for each, path in conflicts]
    if len(causes) == 1:
        message = f"Apply failed with 1 conflict: {causes[0].message}: {causes[0].field}"
    else:
        groups: dict[str, list[str]] = {}
        for cause in causes:
            groups.setdefault(cause.message.replace("conflict with", "conflicts with", 1), []).append(
                f"- {cause.field}"
            )
        told = "\n".join(f"{head}:\n" + "\n".join(fields) for head, fields in groups.items())
        message = f"Apply failed with {len(causes)} conflicts: {told}"
    return ApiError(409, "Conflict", message, {"causes": [cause.view() for cause in causes]})


def _named(manager: Manager) -> str:
    with_subresource = f' with subresource "{manager.subresource}"' if manager.subresource else ""
    return f'"{manager.name}"{with_subresource} using {manager.api_version}'


def merged(live: Any, wish: Any, names: Names = ()) -> Any:
    if isinstance(live, dict) and isinstance(wish, dict) and not is_atomic(names):
        return _merged_map(live, wish, names)
    if isinstance(live, list) and isinstance(wish, list) and is_keyed(names, wish):
        return _merged_list(live, wish, names)
    if isinstance(live, list) and isinstance(wish, list) and names and names[-1] in SET_LISTS:
        return [*live, *(each for each in wish if each not in live)]
    return copy.deepcopy(wish)


def _merged_map(live: Json, wish: Json, names: Names) -> Json:
    result = dict(live)
    for name, value in wish.items():
        if value is None:
            continue
        inner = (*names, name)
        result[name] = merged(live[name], value, inner) if name in live else copy.deepcopy(value)
    return result


def _merged_list(live: list[Json], wish: list[Json], names: Names) -> list[Json]:
    wished = {item_key(names, item): item for item in wish}
    present = [item_key(names, item) for item in live]
    kept = [
        merged(item, wished[key], names) if key in wished else item for key, item in zip(present, live, strict=True)
    ]
    return kept + [copy.deepcopy(item) for key, item in wished.items() if key not in present]
