"""What etcd and the watch cache are to an API server: objects, versions, and everything that happened to them."""

from __future__ import annotations

import copy
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError, already_exists, not_found, stale
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.objects import name_of, namespace_of

KEPT = 4096
LOOK_SECONDS = 1.0
Place = tuple[str, str]
"""Namespace (empty for a cluster-wide kind) and name."""


@dataclass(frozen=True)
class Happening:
    """`before` is None for what was added, `after` None for what was deleted."""

    version: int
    resource: str
    before: Json | None
    after: Json | None
    last: Json

    @property
    def type(self) -> Literal["ADDED", "MODIFIED", "DELETED"]:
        if self.before is None:
            return "ADDED"
        return "DELETED" if self.after is None else "MODIFIED"


class Store:
    """Objects that go in and come out are copies. `told` is called, with the lock held, after each change."""

    def __init__(self, told: Callable[[], None]) -> None:
        self.lock = threading.RLock()
        self._changed = threading.Condition(self.lock)
        self._told = told
        self._version = 1
        self._objects: dict[str, dict[Place, Json]] = {}
        self._history: deque[Happening] = deque(maxlen=KEPT)

    @property
    def version(self) -> int:
        return self._version

    def find(self, kind: Kind, namespace: str, name: str) -> Json | None:
        with self.lock:
            found = self._objects.get(kind.resource, {}).get((namespace if kind.namespaced else "", name))
            return copy.deepcopy(found) if found is not None else None

    def get(self, kind: Kind, namespace: str, name: str) -> Json:
        found = self.find(kind, namespace, name)
        if found is None:
            raise not_found(kind, name)
        return found

    def all(self, kind: Kind, namespace: str = "") -> list[Json]:
        """In the order of namespace and name, as etcd would give them."""
        with self.lock:
            held = self._objects.get(kind.resource, {})
            return [copy.deepcopy(held[place]) for place in sorted(held) if not namespace or place[0] == namespace]

    def peek(self, kind: Kind, namespace: str = "") -> list[Json]:
        """Like `all` without the copies: for who only reads, with the lock held."""
        held = self._objects.get(kind.resource, {})
        return [held[place] for place in sorted(held) if not namespace or place[0] == namespace]

    def everything(self) -> list[Json]:
        return [body for held in self._objects.values() for body in held.values()]

    def add(self, kind: Kind, body: Json) -> Json:
        with self.lock:
            held = self._objects.setdefault(kind.resource, {})
            place = (namespace_of(body), name_of(body))
            if place in held:
                raise already_exists(kind, name_of(body))
            return self._keep(kind, place, None, body)

    def put(self, kind: Kind, body: Json) -> Json:
        """Replaces; Conflict when the body's resourceVersion is not the stored one. No change: no new version."""
        with self.lock:
            place = (namespace_of(body), name_of(body))
            before = self._objects.get(kind.resource, {}).get(place)
            if before is None:
                raise not_found(kind, name_of(body))
            asked = body["metadata"].get("resourceVersion")
            if asked and asked != before["metadata"]["resourceVersion"]:
                raise stale(kind, name_of(body))
            body["metadata"]["resourceVersion"] = before["metadata"]["resourceVersion"]
            return copy.deepcopy(before) if body == before else self._keep(kind, place, before, body)

    def _keep(self, kind: Kind, place: Place, before: Json | None, body: Json) -> Json:
        self._version += 1
        kept = copy.deepcopy(body)
        kept["metadata"]["resourceVersion"] = str(self._version)
        self._objects[kind.resource][place] = kept
        self._tell(Happening(self._version, kind.resource, before, kept, kept))
        return copy.deepcopy(kept)

    def remove(self, kind: Kind, namespace: str, name: str) -> Json:
        with self.lock:
            before = self._objects.get(kind.resource, {}).pop((namespace, name), None)
            if before is None:
                raise not_found(kind, name)
            self._version += 1
            last = copy.deepcopy(before)
            last["metadata"]["resourceVersion"] = str(self._version)
            self._tell(Happening(self._version, kind.resource, before, None, last))
            return copy.deepcopy(last)

    def _tell(self, happening: Happening) -> None:
        self._history.append(happening)
        self._changed.notify_all()
        self._told()

    def since(self, version: int) -> Iterator[Happening | None]:
        """Everything after that version, without end; None when a second was silent. Gone when it is too long ago."""
        while True:
            with self.lock:
                if self._version == version:
                    self._changed.wait(LOOK_SECONDS)
                self._refuse_too_old(version)
                fresh = list(self._newest(version))
                version = self._version
            yield from fresh or (None,)

    def _newest(self, version: int) -> Iterator[Happening]:
        start = len(self._history)
        while start and self._history[start - 1].version > version:
            start -= 1
        return (self._history[index] for index in range(start, len(self._history)))

    def _refuse_too_old(self, version: int) -> None:
        oldest = self._history[0].version if len(self._history) == KEPT else 0
        if version < oldest - 1:
            raise ApiError(410, "Expired", f"too old resource version: {version} ({oldest})")
