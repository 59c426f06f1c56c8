"""/containers: one method a request, the engine does the work."""

from __future__ import annotations

import io
import json
import signal
import tarfile
from collections.abc import Callable, Iterator, Mapping
from io import BufferedIOBase

from magnumctl.sandbox.nodes.docker.container import Container, inspect_view, summary_view
from magnumctl.sandbox.nodes.docker.engine import Engine
from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.docker.filters import container_filters, matches
from magnumctl.sandbox.nodes.docker.routing import Route, route
from magnumctl.sandbox.nodes.docker.stats import stats_view
from magnumctl.sandbox.nodes.docker.streams import LogWish, content_type, followed, log_chunks, log_wish
from magnumctl.sandbox.nodes.docker.wish import restart_policy
from magnumctl.sandbox.nodes.http import Answer, Hijack, Reply, Request, Stream, json_reply

LOOK_SECONDS = 1.0
Parts = Mapping[str, str]


class ContainerApi:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> tuple[Route, ...]:
        one = "/containers/{name}"
        return (
            route("GET /containers/json", self._list),
            route("POST /containers/create", self._create),
            route("POST /containers/prune", self._prune),
            route(f"GET {one}/json", self._inspect),
            route(f"POST {one}/start", self._start),
            route(f"POST {one}/stop", self._stop),
            route(f"POST {one}/restart", self._plain(self._engine.restart)),
            route(f"POST {one}/pause", self._plain(self._engine.pause)),
            route(f"POST {one}/unpause", self._plain(self._engine.unpause)),
            route(f"POST {one}/kill", self._kill),
            route(f"POST {one}/rename", self._rename),
            route(f"POST {one}/update", self._update),
            route(f"POST {one}/wait", self._wait),
            route(f"POST {one}/resize", lambda _request, _parts: Reply(200)),
            route(f"POST {one}/attach", self._attach),
            route(f"GET {one}/logs", self._logs),
            route(f"GET {one}/top", self._top),
            route(f"GET {one}/stats", self._stats),
            route(f"GET {one}/changes", lambda _request, _parts: json_reply(200, None)),
            route(f"GET {one}/export", self._export),
            route(f"DELETE {one}", self._remove),
        )

    def _plain(self, act: Callable[[Container], None]) -> Callable[[Request, Parts], Answer]:
        def answer(_request: Request, parts: Parts) -> Answer:
            act(self._engine.find(parts["name"]))
            return Reply(204)

        return answer

    def _list(self, request: Request, _parts: Parts) -> Answer:
        filters = container_filters(request)
        everything = request.flag("all") or "status" in filters or request.parameter("limit", "0") not in {"0", "-1"}
        shown = [each for each in self._engine.containers() if (everything or each.running) and matches(each, filters)]
        limit = int(request.parameter("limit", "0") or 0)
        return json_reply(200, [summary_view(each) for each in (shown[:limit] if limit > 0 else shown)])

    def _create(self, request: Request, _parts: Parts) -> Answer:
        made = self._engine.create(request.parameter("name"), request.json())
        return json_reply(201, {"Id": made.id, "Warnings": []})

    def _inspect(self, _request: Request, parts: Parts) -> Answer:
        return json_reply(200, inspect_view(self._engine.find(parts["name"])))

    def _start(self, _request: Request, parts: Parts) -> Answer:
        return Reply(204 if self._engine.start(self._engine.find(parts["name"])) else 304)

    def _stop(self, _request: Request, parts: Parts) -> Answer:
        return Reply(204 if self._engine.stop(self._engine.find(parts["name"])) else 304)

    def _kill(self, request: Request, parts: Parts) -> Answer:
        container = self._engine.find(parts["name"])
        self._engine.kill(container, _signal(request.parameter("signal") or "SIGKILL"))
        return Reply(204)

    def _rename(self, request: Request, parts: Parts) -> Answer:
        self._engine.rename(self._engine.find(parts["name"]), request.parameter("name"))
        return Reply(204)

    def _update(self, request: Request, parts: Parts) -> Answer:
        container, wish = self._engine.find(parts["name"]), request.json()
        if wish.get("RestartPolicy", {}).get("Name"):
            container.host["RestartPolicy"] = restart_policy(wish["RestartPolicy"], container.host["AutoRemove"])
        container.host |= {
            key: value for key, value in wish.items() if key in container.host and key != "RestartPolicy" and value
        }
        return json_reply(200, {"Warnings": None})

    def _remove(self, request: Request, parts: Parts) -> Answer:
        self._engine.remove(self._engine.find(parts["name"]), force=request.flag("force"))
        return Reply(204)

    def _prune(self, request: Request, _parts: Parts) -> Answer:
        filters = container_filters(request)
        gone = [each for each in self._engine.containers() if not each.running and matches(each, filters)]
        for each in gone:
            self._engine.remove(each, force=False)
        return json_reply(200, {"ContainersDeleted": [each.id for each in gone], "SpaceReclaimed": 0})

    def _wait(self, request: Request, parts: Parts) -> Answer:
        container = self._engine.find(parts["name"])
        condition = request.parameter("condition") or "not-running"
        run = container.run + (0 if container.running else 1)

        def reached() -> bool:
            if condition == "removed":
                return not self._engine.holds(container)
            ended = not container.running
            return ended and (condition == "not-running" or container.run >= run)

        return Stream(200, _waited(container, reached))

    def _attach(self, request: Request, parts: Parts) -> Answer:
        container = self._engine.find(parts["name"])
        streams = frozenset(name for name in ("stdout", "stderr") if request.flag(name))
        wish = LogWish(streams, 0.0, 0.0, None, timestamps=False, follow=request.flag("stream"))
        listens = request.flag("stdin") and bool(container.config["OpenStdin"])
        seen, run = (0 if request.flag("logs") else len(container.log)), container.run + (0 if container.running else 1)

        def lasts() -> bool:
            return container.running or (container.run < run and self._engine.holds(container) and not container.error)

        def talk(incoming: BufferedIOBase, outgoing: BufferedIOBase) -> None:
            if listens and not container.tty:
                self._engine_feed(container, incoming)
            outgoing.writelines(followed(container, seen, wish, lasts))

        return Hijack(talk, content_type(container.tty))

    def _engine_feed(self, container: Container, incoming: BufferedIOBase) -> None:
        stdin = incoming.read()
        if container.wait_until(lambda: container.running, LOOK_SECONDS):
            self._engine.feed(container, stdin)

    def _logs(self, request: Request, parts: Parts) -> Answer:
        container, wish = self._engine.find(parts["name"]), log_wish(request)
        if not wish.streams:
            raise EngineError(400, "Bad parameters: you must choose at least one stream")
        return Stream(200, log_chunks(container, wish), content_type(container.tty))

    def _top(self, _request: Request, parts: Parts) -> Answer:
        container = self._running(parts["name"])
        row = ["root", str(container.pid), "1", "0", "00:00", "?", "00:00:00", " ".join(container.argv)]
        titles = ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]
        return json_reply(200, {"Titles": titles, "Processes": [row]})

    def _running(self, name: str) -> Container:
        container = self._engine.find(name)
        if not container.running:
            raise EngineError(409, f"container {container.id} is not running")
        return container

    def _stats(self, request: Request, parts: Parts) -> Answer:
        container = self._engine.find(parts["name"])
        if request.parameter("stream", "true") in {"false", "0"} or request.flag("one-shot"):
            return json_reply(200, stats_view(container))
        return Stream(200, _stats_lines(container))

    def _export(self, _request: Request, parts: Parts) -> Answer:
        self._engine.find(parts["name"])
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w"):
            return Reply(200, archive.getvalue(), "application/x-tar")


def _stats_lines(container: Container) -> Iterator[bytes]:
    while container.running:
        yield json.dumps(stats_view(container)).encode() + b"\n"
        container.wait_until(lambda: not container.running, LOOK_SECONDS)
        yield b""


def _waited(container: Container, reached: Callable[[], bool]) -> Iterator[bytes]:
    while not container.wait_until(reached, LOOK_SECONDS):
        yield b""
    yield json.dumps({"StatusCode": container.exit_code}).encode() + b"\n"


def _signal(name: str) -> int:
    if name.isdigit():
        return int(name)
    try:
        return signal.Signals["SIG" + name.upper().removeprefix("SIG")].value
    except KeyError:
        raise EngineError(400, f"invalid signal: {name}") from None
