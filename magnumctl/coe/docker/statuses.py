"""What became of the containers in the bay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magnumctl.coe.contract import WorkloadStatus
from magnumctl.coe.parallel import in_parallel
from magnumctl.errors import CoeUnreachableError

from .live import Live
from .readiness import State, state_of_halted, state_of_running
from .refusal import Refused

if TYPE_CHECKING:
    from .engine import Engine

Seen = tuple[WorkloadStatus, float]


def seen_on(engine: Engine, bay_uuid: str) -> list[Seen]:
    return [seen(live, state_of(engine, live)) for live in engine.ours(bay_uuid)]


def seen_everywhere(engines: Sequence[Engine], bay_uuid: str) -> list[Seen]:
    found = in_parallel(lambda engine: seen_on(engine, bay_uuid), engines)
    return sorted((each for seen in found for each in seen), key=lambda each: (each[0].name, each[0].node))


def seen_where_possible(engines: Sequence[Engine], bay_uuid: str) -> list[Seen]:
    """Leaves out nodes that do not answer, unless none does: then the first one's error."""
    answering = [engine for engine, answers in zip(engines, in_parallel(answers_ping, engines), strict=True) if answers]
    return seen_everywhere(answering or engines, bay_uuid)


def answers_ping(engine: Engine) -> bool:
    try:
        engine.ping()
    except CoeUnreachableError:
        return False
    return True


def state_of(engine: Engine, live: Live) -> State:
    if live.held:
        return "stopped", f"{live.held} by hand", 0
    if live.state == "running":
        return state_of_running(live)
    try:
        inspected = engine.inspect(live.id)
    except Refused as exc:
        if exc.is_gone:
            return "waiting", "is being removed", 0
        raise
    return state_of_halted(live, inspected, engine.last_words(live.id) if live.state != "created" else "")


def seen(live: Live, state: State) -> Seen:
    word, message, patience = state
    return WorkloadStatus("container", live.wish_name, word, message, live.node, live.image), patience
