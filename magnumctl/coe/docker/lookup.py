"""Where a container is, by the name that the blueprint gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from magnumctl.coe.parallel import in_parallel
from magnumctl.errors import CoeUnreachableError

from .live import Live

if TYPE_CHECKING:
    from .engine import Engine


@dataclass(frozen=True)
class Found:
    engine: Engine
    live: Live
    bay_uuid: str

    def again(self) -> Found | None:
        """As it is now; None when it is gone."""
        here = self.engine.ours(self.bay_uuid)
        now = next((live for live in here if live.id == self.live.id), None)
        return replace(self, live=now) if now else None


def found(engines: Sequence[Engine], bay_uuid: str) -> tuple[dict[str, Found], CoeUnreachableError | None]:
    """By name; leftovers of replacements are not looked at. And why some node did not answer, if one did not."""
    answers = in_parallel(lambda engine: ours_or_trouble(engine, bay_uuid), engines)
    trouble = next((answer for answer in answers if isinstance(answer, CoeUnreachableError)), None)
    seen: dict[str, Found] = {}
    for engine, answer in zip(engines, answers, strict=True):
        if not isinstance(answer, CoeUnreachableError):
            for live in answer:
                if live.is_itself:
                    seen.setdefault(live.wish_name, Found(engine, live, bay_uuid))
    return seen, trouble


def ours_or_trouble(engine: Engine, bay_uuid: str) -> tuple[Live, ...] | CoeUnreachableError:
    try:
        return engine.ours(bay_uuid)
    except CoeUnreachableError as exc:
        return exc
