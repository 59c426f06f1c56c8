"""Where two versions of a Kubernetes object differ, in the paths that its documentation uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from magnumctl.manifests.marks import DIGEST, TEMPLATE

Json = Mapping[str, Any]
BOOKKEEPING = {
    "kind",
    "apiVersion",
    "status",
    "metadata.managedFields",
    "metadata.resourceVersion",
    "metadata.generation",
    "metadata.uid",
    "metadata.creationTimestamp",
    f"metadata.annotations.{DIGEST}",
    f"spec.template.metadata.annotations.{TEMPLATE}",
}
"""The server's own, and ours. Objects in lists lack kind and apiVersion."""
MOST = 5


def changed_fields(before: Json, after: Json) -> tuple[str, ...]:
    """The first few, and how many more."""
    found = tuple(path for path in differences("", before, after))
    return found if len(found) <= MOST else (*found[:MOST], f"and {len(found) - MOST} more")


def differences(path: str, before: Any, after: Any) -> Iterator[str]:
    if path in BOOKKEEPING or before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in {**before, **after}:
            yield from differences(f"{path}.{key}" if path else key, before.get(key), after.get(key))
    elif is_named(before) and is_named(after):
        yield from differences_of_named(path, before, after)
    else:
        yield path


def is_named(value: Any) -> bool:
    """A list of objects with names: containers, ports, env."""
    return (
        bool(value)
        and isinstance(value, Sequence)
        and all(isinstance(each, Mapping) and "name" in each for each in value)
    )


def differences_of_named(path: str, before: Sequence[Json], after: Sequence[Json]) -> Iterator[str]:
    old, new = ({each["name"]: each for each in version} for version in (before, after))
    for name in {**old, **new}:
        yield from differences(f"{path}[{name}]", old.get(name), new.get(name))
