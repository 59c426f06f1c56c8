"""One container of a pod as its kubelet sees it."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from dataclasses import dataclass, field

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.objects import now
from magnumctl.sandbox.nodes.program import Run
from magnumctl.sandbox.nodes.references import InvalidReferenceError, Reference, parse_reference, refusal

KEPT_LINES = 5000
FIRST_RESTART_SECONDS, BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 0.1, 0.8, 10.0


@dataclass(frozen=True)
class Line:
    at: float
    text: str


@dataclass
class ContainerRun:
    """`turn` counts its starts: what was scheduled for an earlier one is void."""

    name: str
    image: str
    state: Json = field(default_factory=lambda: {"waiting": {"reason": "ContainerCreating"}})
    last: Json = field(default_factory=dict)
    restarts: int = 0
    turn: int = 0
    program: Run | None = None
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    previous: tuple[Line, ...] = ()
    written: int = 0
    ready: bool = False

    @property
    def running(self) -> bool:
        return "running" in self.state

    @property
    def ended(self) -> bool:
        return "terminated" in self.state

    @property
    def exit_code(self) -> int:
        return int(self.state["terminated"]["exitCode"]) if self.ended else 0

    def wait(self, reason: str, message: str = "") -> None:
        self.ready = False
        self.state = {"waiting": {"reason": reason, **({"message": message} if message else {})}}

    def begin(self, program: Run) -> None:
        if self.turn:
            self.previous = tuple(self.lines)
            self.lines.clear()
        self.turn += 1
        self.program, self.ready = program, True
        self.state = {"running": {"startedAt": now()}}

    def write(self, text: str) -> None:
        for line in text.splitlines(keepends=True):
            self.lines.append(Line(time.time(), line))
            self.written += 1

    def end(self, code: int, message: str) -> None:
        self.ready = False
        began = self.state.get("running", {}).get("startedAt", now())
        ended = {
            "exitCode": code,
            "reason": "Completed" if code == 0 else "Error",
            "startedAt": began,
            "finishedAt": now(),
        }
        ended |= {"containerID": self.identity} | ({"message": message} if message else {})
        self.state = {"terminated": ended}

    @property
    def identity(self) -> str:
        return "containerd://" + hashlib.sha256(f"{id(self)}-{self.turn}".encode()).hexdigest()

    @property
    def backoff(self) -> float:
        """Seconds until the next start; real kubelets take ten times as long."""
        if not self.restarts:
            return FIRST_RESTART_SECONDS
        return float(min(BACKOFF_SECONDS * 2 ** (self.restarts - 1), LONGEST_BACKOFF_SECONDS))

    def view(self) -> Json:
        shown: Json = {
            "name": self.name,
            "image": self.image,
            "imageID": "",
            "ready": self.ready,
            "started": self.running,
        }
        shown |= {"restartCount": self.restarts, "state": self.state, "lastState": self.last}
        return shown | ({"containerID": self.identity, "imageID": self.image} if self.turn else {})


def image_obstacle(image: str) -> tuple[str, str]:
    """The waiting reason and message when it cannot be pulled; two empty texts when it can."""
    try:
        reference = parse_reference(image)
    except InvalidReferenceError as exc:
        said = f'Failed to apply default image tag "{image}": couldn\'t parse image name "{image}": {exc}'
        return "InvalidImageName", said
    why = refusal(reference)
    return ("ErrImagePull", _pull_failure(reference, why)) if why else ("", "")


def _pull_failure(reference: Reference, why: str) -> str:
    full = reference.canonical
    if "dial tcp" in why:
        cause = why
    elif "manifest unknown" in why:
        cause = f"{full}: not found"
    else:
        cause = (
            "pull access denied, repository does not exist or may require authorization: server message:"
            " insufficient_scope: authorization failed"
        )
    return (
        f'rpc error: code = NotFound desc = failed to pull and unpack image "{full}": failed to resolve'
        f' reference "{full}": {cause}'
    )
