"""What others have done to the containers of a bay since they were pushed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from magnumctl.coe.contract import WorkloadDrift
from magnumctl.manifests import ContainerWish

from .live import Live
from .refusal import Refused
from .steps import Step

if TYPE_CHECKING:
    from .engine import Engine

Json = Mapping[str, Any]
STAYING = frozenset({"always", "unless-stopped"})
"""Restart policies under which a container that is down was stopped by somebody."""


def drift(engines: Mapping[str, Engine], steps: Sequence[Step]) -> tuple[WorkloadDrift, ...]:
    return tuple(found for step in steps for found in drift_of(engines, step))


def drift_of(engines: Mapping[str, Engine], step: Step) -> Iterator[WorkloadDrift]:
    found = partial(WorkloadDrift, "container", step.name)
    if step.live is None:
        yield found("deleted", f"was {step.reason}")
    elif step.wish is None:
        yield found("added", f"on {step.node}: {step.reason}")
    elif step.action != "none":
        yield found("changed", f"on {step.node}: {step.reason}")
    elif not step.live.held:
        yield from differences(engines[step.node], step.wish, step.live)


def differences(engine: Engine, wish: ContainerWish, live: Live) -> Iterator[WorkloadDrift]:
    """One that a person stopped with magnumctl is not looked at: the ledger knows of it."""
    found = partial(WorkloadDrift, "container", wish.name)
    try:
        inspected = engine.inspect(live.id)
    except Refused as exc:
        if not exc.is_gone:
            raise
        yield found("deleted", f"was on {live.node}")
        return
    policy = inspected["HostConfig"]["RestartPolicy"]["Name"] or "no"
    if policy != wish.restart:
        yield found("changed", f"on {live.node}: restart is {policy}, was {wish.restart}")
    if live.state == "paused" or (live.state == "exited" and policy in STAYING):
        yield found("stopped", f"on {live.node}: is {live.state}")
