"""Commands run in a container: `docker exec`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from io import BufferedIOBase

from magnumctl.sandbox.nodes.docker.container import Container
from magnumctl.sandbox.nodes.docker.engine import Engine
from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.docker.routing import Route, route
from magnumctl.sandbox.nodes.docker.streams import content_type, frame
from magnumctl.sandbox.nodes.http import Answer, Hijack, Json, Reply, Request, json_reply
from magnumctl.sandbox.nodes.program import CommandNotFoundError, Output, Pause, Run, Surroundings, execute
from magnumctl.sandbox.nodes.terminal import Size, Terminal, is_interactive, talk

LOOK_SECONDS = 0.5
CHUNK = 4096


@dataclass
class Exec:
    id: str
    container: Container
    wish: Json
    running: bool = False
    exit_code: int | None = None
    size: Size = field(default_factory=Size)

    @property
    def tty(self) -> bool:
        return bool(self.wish.get("Tty"))

    def view(self) -> Json:
        command = list(self.wish["Cmd"])
        return {
            "ID": self.id, "Running": self.running, "ExitCode": self.exit_code,
            "OpenStdin": bool(self.wish.get("AttachStdin")),
            "OpenStdout": True, "OpenStderr": True, "CanRemove": False, "ContainerID": self.container.id,
            "DetachKeys": "",
            "Pid": self.container.pid + 1, "ProcessConfig": {"tty": self.tty, "entrypoint": command[0],
            "arguments": command[1:], "privileged": False},
        }  # fmt: skip

    def around(self, stdin: str) -> Surroundings:
        pairs = [*self.container.config["Env"], *(self.wish.get("Env") or [])]
        environment = {name: value for name, _, value in (each.partition("=") for each in pairs)}
        return Surroundings(environment, self.container.config["Hostname"], stdin)


class ExecApi:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._execs: dict[str, Exec] = {}

    def routes(self) -> tuple[Route, ...]:
        return (
            route("POST /containers/{name}/exec", self._create),
            route("POST /exec/{id}/start", self._start),
            route("POST /exec/{id}/resize", self._resize),
            route("GET /exec/{id}/json", lambda _request, parts: json_reply(200, self._find(parts["id"]).view())),
        )

    def _find(self, identity: str) -> Exec:
        if identity not in self._execs:
            raise EngineError(404, f"No such exec instance: {identity}")
        return self._execs[identity]

    def _create(self, request: Request, parts: Mapping[str, str]) -> Answer:
        container = self._engine.find(parts["name"])
        wish = request.json()
        if container.status != "running":
            state = "paused, unpause the container before exec" if container.status == "paused" else "not running"
            raise EngineError(409, f"container {container.id} is {state}")
        if not wish.get("Cmd"):
            raise EngineError(400, "No exec command specified")
        made = Exec(secrets.token_hex(32), container, wish)
        self._execs[made.id] = made
        return json_reply(201, {"Id": made.id})

    def _resize(self, request: Request, parts: Mapping[str, str]) -> Answer:
        rows, columns = request.parameter("h"), request.parameter("w")
        self._find(parts["id"]).size = Size(columns=int(columns or 0), rows=int(rows or 0))
        return Reply(200)

    def _start(self, request: Request, parts: Mapping[str, str]) -> Answer:
        run = self._find(parts["id"])
        if run.exit_code is not None or run.running:
            raise EngineError(
                409, f"exec {run.id} has already been started" if run.running else f"Exec {run.id} has already run"
            )
        self._engine.tell(run.container, f"exec_start: {' '.join(run.wish['Cmd'])}")
        if request.json().get("Detach"):
            _speak(run, _Silence(), "")
            return Reply(200)
        return Hijack(lambda incoming, outgoing: _talk(run, incoming, outgoing), content_type(run.tty))


def _talk(run: Exec, incoming: BufferedIOBase, outgoing: BufferedIOBase) -> None:
    if run.tty and run.wish.get("AttachStdin") and is_interactive(run.wish["Cmd"]):
        _converse(run, incoming, outgoing)
        return
    stdin = incoming.read().decode(errors="replace") if run.wish.get("AttachStdin") and not run.tty else ""
    _speak(run, outgoing, stdin)


def _converse(run: Exec, incoming: BufferedIOBase, outgoing: BufferedIOBase) -> None:
    run.running = True

    def show(text: str) -> None:
        outgoing.write(text.replace("\n", "\r\n").encode())

    try:
        pause = partial(_slept, run.container)
        run.exit_code = talk(Terminal(run.around(""), _typed(incoming), show, lambda: run.size, pause))
    finally:
        run.running = False


def _typed(incoming: BufferedIOBase) -> Iterator[bytes]:
    while keys := incoming.read1(CHUNK):
        yield keys


def _speak(run: Exec, outgoing: BufferedIOBase, stdin: str) -> None:
    run.running = True
    try:
        run.exit_code = _played(run, execute(run.wish["Cmd"], run.around(stdin)), outgoing)
    except CommandNotFoundError as exc:
        reason = f'exec: "{exc}": executable file not found in $PATH: unknown'
        text = f"OCI runtime exec failed: exec failed: unable to start container process: {reason}\r\n"
        outgoing.write(text.encode() if run.tty else frame("stdout", text.encode()))
        run.exit_code = 127
    finally:
        run.running = False


def _played(run: Exec, program: Run, outgoing: BufferedIOBase) -> int:
    """Ends early, with 137, when the container does."""
    while True:
        try:
            happened = next(program)
        except StopIteration as end:
            return int(end.value)
        if isinstance(happened, Output):
            outgoing.write(_shown(run, happened))
        elif not _slept(run.container, happened):
            return 137


def _slept(container: Container, pause: Pause) -> bool:
    end = time.monotonic() + pause.seconds
    while container.running and (left := end - time.monotonic()) > 0:
        container.wait_until(lambda: not container.running, min(left, LOOK_SECONDS))
    return container.running


def _shown(run: Exec, output: Output) -> bytes:
    raw = output.text.encode()
    return raw.replace(b"\n", b"\r\n") if run.tty else frame(output.stream, raw)


class _Silence(BufferedIOBase):
    def write(self, _text: object) -> int:
        return 0
