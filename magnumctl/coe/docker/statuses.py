"""What became of the containers in the bay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magnumctl.coe.contract import WorkloadStatus
from magnumctl.coe.parallel import in_parallel

from .live import Live
from .readiness import State, state_of_halted, state_of_running

if TYPE_CHECKING:
    from .engine import Engine

Seen = tuple[WorkloadStatus, float]


def seen_on(engine: Engine, bay_uuid: str) -> list[Seen]:
    return [seen(live, state_of(engine, live)) for live in engine.ours(bay_uuid)]


def seen_everywhere(engines: Sequence[Engine], bay_uuid: str) -> list[Seen]:
    found = in_parallel(lambda engine: seen_on(engine, bay_uuid), engines)
    return sorted((each for seen in found for each in seen), key=lambda each: (each[0].name, each[0].node))


def state_of(engine: Engine, live: Live) -> State:
    if live.state == "running":
        return state_of_running(live)
    inspected = engine.inspect(live.id)
    return state_of_halted(live, inspected, engine.last_words(live.id) if live.state != "created" else "")


def seen(live: Live, state: State) -> Seen:
    word, message, patience = state
    return WorkloadStatus("container", live.wish_name, word, message, live.node, live.image), patience
