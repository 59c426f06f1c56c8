"""A node in full, as its container orchestration engine sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .contract import NodeState


@dataclass(frozen=True)
class NodeDetail:
    """`version` is the engine's; `runs` counts its pods or containers, whoever made them."""

    state: NodeState
    message: str = ""
    version: str = ""
    runs: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
