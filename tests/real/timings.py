"""How long each step of each story took, shown at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Timings:
    rows: list[tuple[str, Mapping[str, float]]] = field(default_factory=list)

    def add(self, step: str, stages: Mapping[str, float]) -> None:
        self.rows.append((step, stages))

    def add_apply(self, step: str, report: Any) -> None:
        """From the JSON report of an apply of one bay."""
        (bay,) = report["bays"]
        stages = {stage["name"]: stage["seconds"] for stage in bay["stages"]}
        self.add(step, {**stages, "whole": bay["seconds"]})

    def lines(self) -> Iterator[str]:
        for step, stages in self.rows:
            yield f"{step:<40}" + "".join(f"  {name} {seconds:6.1f}" for name, seconds in stages.items())
