"""Watches: what happened since a version, as a stream of JSON lines."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.selectors import Test
from magnumctl.sandbox.nodes.kubernetes.store import Happening, Store

LONGEST_SECONDS = 1800.0
BOOKMARK_SECONDS = 60.0


@dataclass(frozen=True)
class WatchWish:
    """`version` is None when the present state is to be told first; `shown` puts an object into the wanted form."""

    kind: Kind
    namespace: str
    version: int | None
    seconds: float
    bookmarks: bool
    initial_end: bool
    test: Test
    shown: Callable[[Json], Json]


def watched(store: Store, wish: WatchWish) -> Iterator[bytes]:
    try:
        yield from _told(store, wish)
    except ApiError as exc:
        yield _event("ERROR", exc.status())


def _told(store: Store, wish: WatchWish) -> Iterator[bytes]:
    version = wish.version
    if version is None:
        with store.lock:
            present, version = store.all(wish.kind, wish.namespace), store.version
        yield from (_event("ADDED", wish.shown(body)) for body in present if wish.test(body))
    if wish.initial_end:
        yield _bookmark(wish.kind, version, {"k8s.io/initial-events-end": "true"})
    yield b""
    end, marked = time.monotonic() + wish.seconds, time.monotonic()
    for happening in store.since(version):
        if happening is None:
            yield b""
        elif (line := _line(happening, wish)) is not None:
            yield line
        if time.monotonic() > end:
            return
        if wish.bookmarks and time.monotonic() - marked > BOOKMARK_SECONDS:
            marked = time.monotonic()
            yield _bookmark(wish.kind, store.version, {})


def _line(happening: Happening, wish: WatchWish) -> bytes | None:
    """An object that leaves or enters the selection is deleted or added, to who watches."""
    namespace = happening.last["metadata"].get("namespace", "")
    if happening.resource != wish.kind.resource or (wish.namespace and namespace != wish.namespace):
        return None
    before = happening.before is not None and wish.test(happening.before)
    after = happening.after is not None and wish.test(happening.after)
    if not before and not after:
        return None
    word = "MODIFIED" if before and after else "ADDED" if after else "DELETED"
    return _event(word, wish.shown(happening.last))


def _event(word: str, body: Json) -> bytes:
    return json.dumps({"type": word, "object": body}).encode() + b"\n"


def _bookmark(kind: Kind, version: int, annotations: dict[str, str]) -> bytes:
    metadata: Json = {"resourceVersion": str(version), "creationTimestamp": None}
    metadata |= {"annotations": annotations} if annotations else {}
    return _event("BOOKMARK", {"kind": kind.kind, "apiVersion": kind.api_version, "metadata": metadata})
