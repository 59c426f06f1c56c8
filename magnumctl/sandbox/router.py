"""From method and path to the function that answers, by an explicit table per service."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from magnumctl.sandbox.wire import Call, RefusedError, Reply

if TYPE_CHECKING:
    from magnumctl.sandbox.store import Cloud

Answer = Callable[["Cloud", Call], Reply]


@dataclass(frozen=True)
class Route:
    """`pattern` is a path below the service's own prefix, `{name}` standing for one segment."""

    method: str
    pattern: str
    answer: Answer
    public: bool = False
    readable: bool = False
    """A reader may send it although it is no GET."""


@dataclass(frozen=True)
class Service:
    name: str
    prefix: str
    routes: Sequence[Route]
    refusal: Callable[[RefusedError], Reply]
    forbidden: Callable[[Call], str]
    microversions: Microversions | None = None


@dataclass(frozen=True)
class Microversions:
    """`word` is the service's name in `OpenStack-API-Version: compute 2.60`."""

    word: str
    legacy_header: str
    minimum: tuple[int, int]
    maximum: tuple[int, int]


@dataclass(frozen=True)
class Match:
    service: Service
    route: Route | None
    parts: Mapping[str, str]
    other_method: bool = False


class Router:
    def __init__(self, services: Sequence[Service]) -> None:
        self._services = services
        self._tables = {service.name: [(_compiled(route), route) for route in service.routes] for service in services}

    def match(self, method: str, path: str) -> Match | None:
        """None: no service lives there. A match without a route: the service does, the path is unknown to it."""
        for service in self._services:
            if path == service.prefix or path.startswith(f"{service.prefix}/"):
                return self._within(service, method, path.removeprefix(service.prefix) or "/")
        return None

    def _within(self, service: Service, method: str, path: str) -> Match:
        seen = False
        wanted = "GET" if method == "HEAD" else method
        for pattern, route in self._tables[service.name]:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            if route.method == wanted:
                return Match(service, route, found.groupdict())
            seen = True
        return Match(service, None, {}, other_method=seen)


def _compiled(route: Route) -> re.Pattern[str]:
    expression = re.sub(
        r"\{(\w+)\}", r"(?P<\1>[^/]+)", re.escape(route.pattern).replace(r"\{", "{").replace(r"\}", "}")
    )
    return re.compile(expression + "/?")
