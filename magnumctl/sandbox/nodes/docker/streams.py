"""Docker's framing of stdout and stderr, and a container's log as it is asked for."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from magnumctl.sandbox.nodes.docker.container import Container, LogLine
from magnumctl.sandbox.nodes.docker.times import moment, stamp
from magnumctl.sandbox.nodes.http import Request

MULTIPLEXED = "application/vnd.docker.multiplexed-stream"
RAW = "application/vnd.docker.raw-stream"
LOOK_SECONDS = 1.0


def frame(stream: Literal["stdout", "stderr"], payload: bytes) -> bytes:
    return struct.pack(">BxxxL", 1 if stream == "stdout" else 2, len(payload)) + payload


def content_type(tty: bool) -> str:
    return RAW if tty else MULTIPLEXED


@dataclass(frozen=True)
class LogWish:
    streams: frozenset[str]
    since: float
    until: float
    tail: int | None
    timestamps: bool
    follow: bool


def log_wish(request: Request) -> LogWish:
    tail = request.parameter("tail", "all")
    return LogWish(
        streams=frozenset(name for name in ("stdout", "stderr") if request.flag(name)),
        since=moment(request.parameter("since")),
        until=moment(request.parameter("until")),
        tail=int(tail) if tail.isdigit() else None,
        timestamps=request.flag("timestamps"),
        follow=request.flag("follow"),
    )


def log_chunks(container: Container, wish: LogWish) -> Iterator[bytes]:
    seen = len(container.log)
    past = [line for line in container.log[:seen] if _asked(line, wish)]
    if wish.tail is not None:
        past = past[max(len(past) - wish.tail, 0) :]
    yield from (_shown(container, line, wish.timestamps) for line in past)
    if wish.follow:
        yield from followed(container, seen, wish, lambda: container.running)


def followed(container: Container, seen: int, wish: LogWish, lasts: Callable[[], bool]) -> Iterator[bytes]:
    """What is logged after the `seen` first lines, while it lasts; an empty chunk when a second was silent."""
    while True:
        going_on = lasts()
        lines = container.log[seen:]
        seen += len(lines)
        yield from (_shown(container, line, wish.timestamps) for line in lines if _asked(line, wish))
        if not going_on or (wish.until and time.time() > wish.until):
            return
        if not _grew(container, seen, lasts):
            yield b""


def _grew(container: Container, seen: int, lasts: Callable[[], bool]) -> bool:
    return container.wait_until(lambda: len(container.log) > seen or not lasts(), LOOK_SECONDS)


def _asked(line: LogLine, wish: LogWish) -> bool:
    return line.stream in wish.streams and line.at >= wish.since and (not wish.until or line.at <= wish.until)


def _shown(container: Container, line: LogLine, timestamps: bool) -> bytes:
    text = (stamp(line.at).encode() + b" " if timestamps else b"") + line.text
    return text.replace(b"\n", b"\r\n") if container.tty else frame(line.stream, text)
