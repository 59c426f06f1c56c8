"""Steps done: nodes side by side, on each node one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from magnumctl.coe.contract import Pushed, Report
from magnumctl.coe.parallel import in_parallel
from magnumctl.errors import CoeError
from magnumctl.manifests import ContainerWish

from .live import Live
from .refusal import Refused, rejected
from .steps import Step

if TYPE_CHECKING:
    from .engine import Engine

Engines = Mapping[str, "Engine"]
DONE = {"create": "created", "update": "started", "replace": "replaced", "delete": "deleted"}


def push(engines: Engines, steps: Sequence[Step], report: Report) -> tuple[Pushed, ...]:
    """What is no longer wished goes first: it may hold a name or a port."""
    in_parallel(partial(do_all, engines, report), by_node([step for step in steps if not step.wish]))
    done = in_parallel(partial(do_all, engines, report), by_node([step for step in steps if step.wish]))
    made = {pushed.name: pushed for found in done for pushed in found}
    return tuple(made[step.wish.name] for step in steps if step.wish)


def by_node(steps: Sequence[Step]) -> list[list[Step]]:
    return [[step for step in steps if step.node == node] for node in dict.fromkeys(step.node for step in steps)]


def do_all(engines: Engines, report: Report, steps: Sequence[Step]) -> list[Pushed]:
    return [pushed for step in steps if (pushed := do(engines, report, step))]


def do(engines: Engines, report: Report, step: Step) -> Pushed | None:
    engine = engines[step.node]
    try:
        if step.wish and step.action in {"create", "replace"}:
            ensure_image(engine, step.wish, report)
        reference = done(engines, engine, step)
    except Refused as exc:
        raise rejected(engine.bay, step.name, step.node, exc) from exc
    if step.action != "none":
        report(f"container {step.name}: {DONE[step.action]} on {step.node}")
    return Pushed("container", step.wish.name, step.wish.digest, reference) if step.wish else None


def ensure_image(engine: Engine, wish: ContainerWish, report: Report) -> None:
    """Before anything is stopped for it."""
    if not engine.has_image(wish.image):
        report(f"container {wish.name}: pulling {wish.image} on {engine.node.name}")
        engine.pull(wish.image)


def done(engines: Engines, engine: Engine, step: Step) -> str:
    """The id of the container that is there now."""
    wish, live = step.wish, step.live
    if wish and not live:
        return started(engine, wish)
    if wish and live and step.action == "replace":
        return moved(engines[live.node], engine, wish, live) if live.node != step.node else replaced(engine, wish, live)
    if live and step.action == "update":
        engine.start(live.id)
    if live and step.action == "delete":
        engine.remove(live.id)
    return live.id if live else ""


def started(engine: Engine, wish: ContainerWish) -> str:
    """One that cannot start leaves nothing behind."""
    created = engine.create(wish)
    try:
        engine.start(created)
    except CoeError:
        engine.remove(created)
        raise
    return created


def moved(old: Engine, new: Engine, wish: ContainerWish, live: Live) -> str:
    created = started(new, wish)
    old.remove(live.id)
    return created


def replaced(engine: Engine, wish: ContainerWish, live: Live) -> str:
    """The old one stands aside, stopped, until the new one runs, and comes back if it does not."""
    engine.stop(live.id)
    engine.rename(live.id, f"{live.name}-replaced-{live.id[:12]}")
    try:
        created = started(engine, wish)
    except CoeError:
        restored(engine, live)
        raise
    engine.remove(live.id)
    return created


def restored(engine: Engine, live: Live) -> None:
    engine.rename(live.id, live.name)
    if live.state in {"running", "restarting"}:
        engine.start(live.id)
