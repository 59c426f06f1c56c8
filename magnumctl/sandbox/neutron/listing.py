"""What every collection of the Networking API does alike: filters, fields, tags, pages, accepted keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from magnumctl.sandbox.neutron.refusals import bad_request, over_quota
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, page

_NO_FILTERS = frozenset({"fields", "limit", "marker", "sort_key", "sort_dir", "page_reverse", "all_tenants"})
_TAG_FILTERS = frozenset({"tags", "tags-any", "not-tags", "not-tags-any"})


def answer(name: str, rows: Iterable[Json], call: Call) -> Reply:
    kept = [row for row in rows if _matches(row, call.query)]
    return Reply({name: [_fields(row, call) for row in page(_sorted(kept, call), call)]})


def one(name: str, row: Json, call: Call) -> Reply:
    return Reply({name: _fields(row, call)})


def _sorted(rows: list[Json], call: Call) -> list[Json]:
    key = call.first("sort_key", "id")
    return sorted(rows, key=lambda row: str(row.get(key, "")), reverse=call.first("sort_dir") == "desc")


def _fields(row: Json, call: Call) -> Json:
    wanted = call.query.get("fields")
    return {name: row[name] for name in wanted if name in row} if wanted else row


def _matches(row: Json, query: Mapping[str, list[str]]) -> bool:
    return all(_accepts(row, name, wanted) for name, wanted in query.items() if name not in _NO_FILTERS)


def _accepts(row: Json, name: str, wanted: list[str]) -> bool:
    if name in _TAG_FILTERS:
        return _tagged(set(row.get("tags", [])), name, {tag for text in wanted for tag in text.split(",")})
    if name == "fixed_ips":
        return all(_fixed(row, term) for term in wanted)
    if name not in row:
        return True
    value = row[name]
    if isinstance(value, list):
        return any(text in value for text in wanted)
    return any(_same(value, text) for text in wanted)


def _same(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return value == (text.lower() in {"true", "1"})
    return text == ("" if value is None else str(value))


def _tagged(held: set[str], name: str, wanted: set[str]) -> bool:
    every, some = wanted <= held, not wanted.isdisjoint(held)
    return {"tags": every, "tags-any": some, "not-tags": not every, "not-tags-any": not some}[name]


def _fixed(row: Json, term: str) -> bool:
    """A term is `ip_address=A`, `ip_address_substr=A` or `subnet_id=S`."""
    name, _, wanted = term.partition("=")
    if name == "ip_address_substr":
        return any(wanted in fixed["ip_address"] for fixed in row["fixed_ips"])
    return any(fixed.get(name) == wanted for fixed in row["fixed_ips"])


def wishes(call: Call, name: str, plural: str, known: frozenset[str]) -> list[Json]:
    """One wish, or many at once under the plural; unknown keys are refused."""
    document = call.json()
    found = document[plural] if plural in document else [call.resource(name)]
    for wish in found:
        check(wish, known)
    return list(found)


def check(wish: Json, known: frozenset[str]) -> None:
    if unknown := sorted(set(wish) - known - {"tenant_id", "project_id"}):
        raise bad_request(f"Unrecognized attribute(s) '{', '.join(unknown)}'")


def owner(call: Call, wish: Json) -> str:
    asked = wish.get("project_id") or wish.get("tenant_id") or call.caller.project_id
    if not call.caller.owns(asked):
        raise RefusedError(
            403,
            "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin "
            "privileges",
            "AdminRequired",
        )
    return str(asked)


def within_quota(cloud: Cloud, resource: str, held: Iterable[Any], project_id: str) -> None:
    limit = cloud.neutron.quota(project_id)[resource]
    used = sum(1 for it in held if it.project_id == project_id)
    if 0 <= limit <= used:
        raise over_quota(resource)


def created(name: str, plural: str, rows: list[Json], call: Call) -> Reply:
    return Reply({plural: rows} if plural in call.json() else {name: rows[0]}, 201)
