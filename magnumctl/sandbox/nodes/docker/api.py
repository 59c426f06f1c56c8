"""The Docker Engine API of one node: versions, errors, and what is asked of the engine as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from magnumctl.sandbox.nodes.docker.container_api import ContainerApi
from magnumctl.sandbox.nodes.docker.engine import Engine
from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.docker.events import Event
from magnumctl.sandbox.nodes.docker.execs import ExecApi
from magnumctl.sandbox.nodes.docker.filters import Filters, asked_filters
from magnumctl.sandbox.nodes.docker.image_api import ImageApi, NetworkApi, VolumeApi
from magnumctl.sandbox.nodes.docker.routing import Route, answered, route
from magnumctl.sandbox.nodes.docker.system import info_view, usage_view, version_view
from magnumctl.sandbox.nodes.docker.times import moment
from magnumctl.sandbox.nodes.docker.versions import API_VERSION, MINIMUM_VERSION, SERVER_VERSION, number
from magnumctl.sandbox.nodes.http import Answer, Hijack, Reply, Request, Stream, json_reply

VERSIONED = re.compile(r"^/v(\d+\.\d+)(/.*)$")
NAMING = {
    "Api-Version": API_VERSION,
    "Docker-Experimental": "false",
    "Ostype": "linux",
    "Server": f"Docker/{SERVER_VERSION} (linux)",
}


class DockerApi:
    """Called with each request; never raises."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        apis = (ContainerApi(engine), ExecApi(engine), ImageApi(engine), NetworkApi(engine), VolumeApi(engine))
        self._routes = (*self._own_routes(), *(each for api in apis for each in api.routes()))

    def __call__(self, request: Request) -> Answer:
        try:
            return _named(answered(self._routes, request, _unversioned(request.path)))
        except EngineError as exc:
            return _named(json_reply(exc.status, {"message": exc.message}))
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            return _named(json_reply(400, {"message": f"invalid JSON: {exc}"}))

    def _own_routes(self) -> tuple[Route, ...]:
        return (
            route("GET /_ping", _ping),
            route("HEAD /_ping", _ping),
            route("GET /version", lambda _request, _parts: json_reply(200, version_view())),
            route("GET /info", lambda _request, _parts: json_reply(200, info_view(self._engine))),
            route("GET /system/df", lambda _request, _parts: json_reply(200, usage_view(self._engine))),
            route("GET /events", self._events),
            route(
                "POST /auth",
                lambda _request, _parts: json_reply(200, {"Status": "Login Succeeded", "IdentityToken": ""}),
            ),
        )

    def _events(self, request: Request, _parts: Mapping[str, str]) -> Answer:
        filters = asked_filters(request)
        told = self._engine.events.between(moment(request.parameter("since")), moment(request.parameter("until")))
        return Stream(200, _event_lines(told, filters))


def _event_lines(told: Iterator[Event | None], filters: Filters) -> Iterator[bytes]:
    for event in told:
        if event is None:
            yield b""
        elif _wanted(event, filters):
            yield json.dumps(event.view()).encode() + b"\n"


def _wanted(event: Event, filters: Filters) -> bool:
    attributes = event.attributes
    asked: Mapping[str, Callable[[str], bool]] = {
        "type": lambda value: event.kind == value,
        "event": lambda value: event.action.partition(":")[0] == value,
        "container": lambda value: event.actor.startswith(value) or attributes.get("name") == value,
        "label": lambda value: (
            attributes.get(value.partition("=")[0]) == (value.partition("=")[2] or attributes.get(value))
        ),
    }
    return all(any(asked[key](value) for value in values) for key, values in filters.items() if key in asked)


def _ping(_request: Request, _parts: Mapping[str, str]) -> Answer:
    headers = {"Builder-Version": "2", "Cache-Control": "no-cache, no-store, must-revalidate", "Pragma": "no-cache"}
    return Reply(200, b"OK", "text/plain; charset=utf-8", headers)


def _unversioned(path: str) -> str:
    match = VERSIONED.match(path)
    if not match:
        return path
    asked = match[1]
    if number(asked) > number(API_VERSION):
        raise EngineError(400, f"client version {asked} is too new. Maximum supported API version is {API_VERSION}")
    if number(asked) < number(MINIMUM_VERSION):
        least = f"Minimum supported API version is {MINIMUM_VERSION}, please upgrade your client to a newer version"
        raise EngineError(400, f"client version {asked} is too old. {least}")
    return match[2]


def _named(answer: Answer) -> Answer:
    if isinstance(answer, Hijack):
        return Hijack(answer.talk, answer.content_type, {**NAMING, **answer.headers}, answer.status_line)
    headers = {**NAMING, **answer.headers}
    if isinstance(answer, Stream):
        return Stream(answer.status, answer.chunks, answer.content_type, headers)
    return Reply(answer.status, answer.body, answer.content_type, headers)
