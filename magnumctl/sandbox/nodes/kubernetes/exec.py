"""POST or GET .../pods/NAME/exec over a WebSocket: the channels of kubectl exec and of the Python client."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedIOBase

from magnumctl.sandbox.nodes.http import Answer, Hijack, Json, Request
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.container_run import ContainerRun
from magnumctl.sandbox.nodes.kubernetes.environment import ConfigError, environment_of
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError, bad_request
from magnumctl.sandbox.nodes.kubernetes.kubelet import Kubelets
from magnumctl.sandbox.nodes.kubernetes.logs import chosen_container
from magnumctl.sandbox.nodes.kubernetes.objects import name_of
from magnumctl.sandbox.nodes.program import CommandNotFoundError, Output, Pause, Run, Surroundings, execute
from magnumctl.sandbox.nodes.terminal import Size, Terminal, is_interactive, talk

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
CHANNELS = {"stdout": 1, "stderr": 2}
ERROR_CHANNEL, SIZE_CHANNEL, CLOSE_CHANNEL = 3, 4, 255
BINARY, CLOSE = 0x82, 0x88
SHORT, MEDIUM = 126, 65536
LOOK_SECONDS = 0.2


def exec_answer(cluster: Cluster, kubelets: Kubelets, pod: Json, request: Request) -> Answer:
    command = request.query.get("command") or []
    if not command:
        raise bad_request("you must specify at least 1 command for the container")
    container = chosen_container(cluster, kubelets, pod, request.parameter("container"))
    if not container.running:
        raise ApiError(500, "InternalError", f'unable to upgrade connection: container not found ("{container.name}")')
    offered = [each.strip() for each in request.header("Sec-WebSocket-Protocol").split(",")]
    protocol = next((each for each in PROTOCOLS if each in offered), "")
    if request.header("Upgrade").lower() != "websocket" or not protocol:
        raise bad_request("unable to upgrade: only WebSocket connections are served here")
    accepted = base64.b64encode(hashlib.sha1(request.header("Sec-WebSocket-Key").encode() + MAGIC).digest()).decode()  # noqa: S324
    headers = {"Sec-WebSocket-Accept": accepted, "Sec-WebSocket-Protocol": protocol}
    wants = _Wants(
        listens=request.flag("stdin") and protocol == PROTOCOLS[0],
        has_terminal=request.flag("tty"),
        is_interactive=request.flag("tty") and request.flag("stdin") and is_interactive(command),
    )
    said = _Talk(container, command, _around(cluster, pod, container), wants)
    return Hijack(said, headers=headers, status_line="101 Switching Protocols")


def _around(cluster: Cluster, pod: Json, container: ContainerRun) -> Surroundings:
    spec: Json = next((each for each in pod["spec"]["containers"] if each["name"] == container.name), {})
    try:
        return Surroundings(environment_of(cluster.store, pod, spec), name_of(pod))
    except ConfigError:
        return Surroundings({}, name_of(pod))


@dataclass(frozen=True)
class _Wants:
    listens: bool
    has_terminal: bool
    is_interactive: bool


class _Talk:
    def __init__(self, container: ContainerRun, command: Sequence[str], around: Surroundings, wants: _Wants) -> None:
        self._container = container
        self._command = command
        self._around = around
        self._wants = wants
        self._size = Size()

    def __call__(self, incoming: BufferedIOBase, outgoing: BufferedIOBase) -> None:
        around = self._around
        if self._wants.listens and not self._wants.is_interactive:
            around = Surroundings(around.environment, around.hostname, _stdin(incoming))
        _send(outgoing, ERROR_CHANNEL, json.dumps(self._result(around, incoming, outgoing)).encode())
        outgoing.write(bytes([CLOSE, 2]) + struct.pack(">H", 1000))

    def _result(self, around: Surroundings, incoming: BufferedIOBase, outgoing: BufferedIOBase) -> Json:
        try:
            if self._wants.is_interactive:
                code = self._conversed(around, incoming, outgoing)
            else:
                code = self._played(execute(self._command, around), outgoing)
        except CommandNotFoundError as exc:
            said = f'exec: "{exc}": executable file not found in $PATH: unknown'
            return _failure(f"failed to exec in container: failed to start exec: OCI runtime exec failed: {said}", 127)
        if code:
            return _failure(f"command terminated with non-zero exit code: exit code {code}", code)
        return {"metadata": {}, "status": "Success"}

    def _played(self, program: Run, outgoing: BufferedIOBase) -> int:
        while True:
            try:
                happened = next(program)
            except StopIteration as end:
                return int(end.value)
            if isinstance(happened, Output):
                self._show(outgoing, happened)
            elif not self._slept(happened):
                return 137

    def _show(self, outgoing: BufferedIOBase, output: Output) -> None:
        if self._wants.has_terminal:
            _send(outgoing, CHANNELS["stdout"], output.text.replace("\n", "\r\n").encode())
        else:
            _send(outgoing, CHANNELS[output.stream], output.text.encode())

    def _conversed(self, around: Surroundings, incoming: BufferedIOBase, outgoing: BufferedIOBase) -> int:
        def show(text: str) -> None:
            if text:
                self._show(outgoing, Output(text))

        return talk(Terminal(around, self._typed(incoming), show, lambda: self._size, self._slept))

    def _typed(self, incoming: BufferedIOBase) -> Iterator[bytes]:
        while (frame := _frame(incoming)) is not None and frame[:1] != bytes([CLOSE_CHANNEL]):
            if frame[:1] == bytes([SIZE_CHANNEL]):
                size = json.loads(frame[1:])
                self._size = Size(columns=size["Width"], rows=size["Height"])
            elif frame[:1] == b"\0":
                yield frame[1:]

    def _slept(self, pause: Pause) -> bool:
        end = time.monotonic() + pause.seconds
        while self._container.running and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_SECONDS))
        return self._container.running


def _failure(message: str, code: int) -> Json:
    causes = [{"reason": "ExitCode", "message": str(code)}]
    head: Json = {"metadata": {}, "status": "Failure", "message": message, "reason": "NonZeroExitCode"}
    return head | {"details": {"causes": causes}}


def _send(outgoing: BufferedIOBase, channel: int, payload: bytes) -> None:
    body = bytes([channel]) + payload
    if len(body) < SHORT:
        head = struct.pack(">BB", BINARY, len(body))
    elif len(body) < MEDIUM:
        head = struct.pack(">BBH", BINARY, 126, len(body))
    else:
        head = struct.pack(">BBQ", BINARY, 127, len(body))
    outgoing.write(head + body)


def _stdin(incoming: BufferedIOBase) -> str:
    """Until the client closes the channel: v5 of the protocol can say so."""
    received = b""
    while (frame := _frame(incoming)) is not None:
        if frame[:1] == bytes([CLOSE_CHANNEL]):
            break
        received += frame[1:] if frame[:1] == b"\0" else b""
    return received.decode(errors="replace")


def _frame(incoming: BufferedIOBase) -> bytes | None:
    """One masked frame's payload; None when the client closed."""
    head = incoming.read(2)
    if len(head) < len(b"..") or head[0] & 0x0F == CLOSE & 0x0F:
        return None
    length = head[1] & 0x7F
    if length == SHORT:
        length = struct.unpack(">H", incoming.read(2))[0]
    elif length > SHORT:
        length = struct.unpack(">Q", incoming.read(8))[0]
    mask = incoming.read(4) if head[1] & 0x80 else b"\0\0\0\0"
    masked = incoming.read(length)
    return bytes(byte ^ mask[index % 4] for index, byte in enumerate(masked))
