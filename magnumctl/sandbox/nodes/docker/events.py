"""What happened on the engine, for `docker events`."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from magnumctl.sandbox.nodes.http import Json

KEPT = 1024
LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Event:
    kind: str
    action: str
    actor: str
    attributes: Mapping[str, str]
    at: float

    def view(self) -> Json:
        shown: Json = {"Type": self.kind, "Action": self.action, "scope": "local"}
        shown["Actor"] = {"ID": self.actor, "Attributes": dict(self.attributes)}
        if self.kind == "container":
            shown |= {"status": self.action, "id": self.actor, "from": self.attributes.get("image", "")}
        return shown | {"time": int(self.at), "timeNano": int(self.at * 1e9)}


class Events:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._count = 0

    def record(self, kind: str, action: str, actor: str, attributes: Mapping[str, str]) -> None:
        with self._changed:
            self._kept.append(Event(kind, action, actor, attributes, time.time()))
            self._count += 1
            self._changed.notify_all()

    def between(self, since: float, until: float) -> Iterator[Event | None]:
        """Those from `since` (0: from now on) up to `until` (0: without end); None when a second went by."""
        seen = self._count
        yield from (event for event in tuple(self._kept) if since and event.at >= since)
        while not until or time.time() < until:
            with self._changed:
                if self._count == seen:
                    self._changed.wait(LOOK_SECONDS)
                fresh, seen = self._count - seen, self._count
                happened = tuple(self._kept)[-fresh:] if fresh else (None,)
            yield from happened
