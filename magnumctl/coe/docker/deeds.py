"""What people do to one container: each deed is looked at afterwards, and has nothing to do where it is so already."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from magnumctl.coe.details import Deed
from magnumctl.errors import NotReadyError, WorkloadRejectedError

from .lookup import Found
from .refusal import Refused, rejected
from .statuses import seen, state_of

Verb = Literal["start", "stop", "reboot", "pause", "unpause", "delete"]
UP = frozenset({"running"})
STAYS_SECONDS = 30.0
"""How long a started container may take to be up, or to be found to fall over."""
DONE_SECONDS = 15.0
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Way:
    """`wanted`: the engine's words for how it shall be then; `refused`: from which states it cannot, and what helps."""

    wanted: frozenset[str]
    already: str
    act: Callable[[Found], None]
    refused: Mapping[str, str]


WAYS: Mapping[Verb, Way] = {
    "start": Way(
        UP, "is already running", lambda found: found.engine.start(found.live.id), {"paused": "container unpause"}
    ),
    "stop": Way(
        frozenset({"exited", "created", "dead"}),
        "is already stopped",
        lambda found: found.engine.stop(found.live.id),
        {"paused": "container unpause"},
    ),
    "reboot": Way(UP, "", lambda found: found.engine.restart(found.live.id), {"paused": "container unpause"}),
    "pause": Way(
        frozenset({"paused"}),
        "is already paused",
        lambda found: found.engine.pause(found.live.id),
        dict.fromkeys(("exited", "created", "restarting", "dead"), "container start"),
    ),
    "unpause": Way(
        UP,
        "is not paused",
        lambda found: found.engine.unpause(found.live.id),
        dict.fromkeys(("exited", "created", "dead"), "container start"),
    ),
    "delete": Way(frozenset(), "", lambda found: found.engine.remove(found.live.id), {}),
}


def do(bay: str, verb: Verb, found: Found) -> Deed:
    way, live = WAYS[verb], found.live
    if way.already and live.state in way.wanted:
        return Deed(live.wish_name, live.state, way.already, is_done=False, node=live.node)
    if live.state in way.refused:
        raise WorkloadRejectedError(
            f"bay {bay}: container {live.wish_name} is {live.state}",
            hint=f"magnumctl {way.refused[live.state]} {live.wish_name} --bay {bay}",
        )
    try:
        way.act(found)
    except Refused as exc:
        raise rejected(bay, live.wish_name, live.node, exc) from exc
    if verb == "delete":
        return gone(bay, found)
    return up(bay, found) if way.wanted == UP else settled(bay, found, way.wanted)


def gone(bay: str, found: Found) -> Deed:
    end = time.monotonic() + DONE_SECONDS
    while (now := found.again()) is not None:
        if time.monotonic() >= end:
            raise not_so(bay, now, "is still there")
        time.sleep(POLL_SECONDS)
    return Deed(found.live.wish_name, "deleted", "", is_done=True, node=found.live.node)


def settled(bay: str, found: Found, wanted: frozenset[str]) -> Deed:
    end = time.monotonic() + DONE_SECONDS
    while (now := there(bay, found)).live.state not in wanted:
        if time.monotonic() >= end:
            raise not_so(bay, now, f"is still {now.live.state}")
        time.sleep(POLL_SECONDS)
    return Deed(now.live.wish_name, now.live.state, now.live.status, is_done=True, node=now.live.node)


def up(bay: str, found: Found) -> Deed:
    """One that falls over at once is an error with its last words, one that has finished well is not."""
    end = time.monotonic() + STAYS_SECONDS
    while True:
        now = there(bay, found)
        status, _ = seen(now.live, state_of(now.engine, replace(now.live, held="")))
        if status.state == "failed":
            raise not_so(bay, now, status.message or "does not stay up")
        if status.state != "waiting" or time.monotonic() >= end:
            return Deed(status.name, now.live.state, status.message, is_done=True, node=status.node)
        time.sleep(POLL_SECONDS)


def there(bay: str, found: Found) -> Found:
    now = found.again()
    if now is None:
        raise not_so(bay, found, "is gone: somebody else has deleted it")
    return now


def not_so(bay: str, found: Found, what: str) -> NotReadyError:
    name = found.live.wish_name
    return NotReadyError(
        f"bay {bay}: container {name} on {found.live.node}: {what}", hint=f"magnumctl container logs {name} --bay {bay}"
    )
