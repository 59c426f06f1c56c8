"""What happens while bays change, told to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Stage = Literal["tools", "plan", "retire", "infrastructure", "nodes", "workloads", "done", "failed"]


@dataclass(frozen=True)
class BayEvent:
    """One line about one bay; `bay` is empty for what concerns them all."""

    bay: str
    stage: Stage
    message: str


Tell = Callable[[BayEvent], None]
