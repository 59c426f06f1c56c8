"""The `filters` parameter of list requests: {"label": ["a=b"]} or the older {"label": {"a=b": true}}."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from magnumctl.sandbox.nodes.docker.container import Container
from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.http import Request

CONTAINER_FILTERS = frozenset(
    {"ancestor", "before", "expose", "exited", "health", "id", "is-task", "isolation", "label", "name", "network",
     "publish", "since", "status", "volume"}
)  # fmt: skip
STATUSES = frozenset({"created", "running", "paused", "restarting", "removing", "exited", "dead"})

Filters = Mapping[str, tuple[str, ...]]


def asked_filters(request: Request) -> Filters:
    try:
        given = json.loads(request.parameter("filters") or "{}")
        return {key: tuple(values) for key, values in given.items()}
    except (ValueError, AttributeError, TypeError) as exc:
        raise EngineError(400, f"invalid filter: {exc}") from exc


def container_filters(request: Request) -> Filters:
    filters = asked_filters(request)
    for unknown in filters.keys() - CONTAINER_FILTERS:
        raise EngineError(400, f"invalid filter '{unknown}'")
    for status in filters.get("status", ()):
        if status not in STATUSES:
            raise EngineError(400, f"invalid filter 'status={status}'")
    return filters


def matches(container: Container, filters: Filters) -> bool:
    found: Mapping[str, Callable[[str], bool]] = {
        "id": container.id.startswith,
        "name": lambda value: re.search(value.removeprefix("/"), container.name) is not None,
        "status": lambda value: container.status == value,
        "exited": lambda value: container.status == "exited" and str(container.exit_code) == value,
        "ancestor": lambda value: (
            value in {container.config["Image"], container.image} or container.config["Image"].startswith(f"{value}:")
        ),
        "network": lambda value: value in container.networks,
        "volume": lambda value: any(value in {m["Destination"], m.get("Name")} for m in container.mounts),
    }
    wanted = {key: values for key, values in filters.items() if key in found}
    every = all(any(found[key](value) for value in values) for key, values in wanted.items())
    return every and labelled(container.config["Labels"], filters)


def labelled(labels: Mapping[str, str] | None, filters: Filters) -> bool:
    return all(_has_label(labels or {}, wanted) for wanted in filters.get("label", ()))


def _has_label(labels: Mapping[str, str], wanted: str) -> bool:
    name, equals, value = wanted.partition("=")
    return name in labels and (not equals or labels[name] == value)
