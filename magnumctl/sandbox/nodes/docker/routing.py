"""From a request line to the function that answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.http import Answer, Request

Action = Callable[[Request, Mapping[str, str]], Answer]


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    action: Action


def route(line: str, action: Action) -> Route:
    """`line` is a method and a path whose {names} are parts; {name...} may hold slashes."""
    method, _, path = line.partition(" ")
    pattern = re.sub(r"\{(\w+)\.\.\.\}", r"(?P<\1>.+)", path)
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
    return Route(method, re.compile(f"^{pattern}$"), action)


def answered(routes: Sequence[Route], request: Request, path: str) -> Answer:
    for each in routes:
        if (each.method == request.method) and (match := each.pattern.match(path)):
            return each.action(request, match.groupdict())
    raise EngineError(404, "page not found")
