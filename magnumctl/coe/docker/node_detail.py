"""One node of a Docker bay in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from magnumctl.coe.node_detail import NodeDetail

if TYPE_CHECKING:
    from .engine import Engine


def node_detail(engine: Engine) -> NodeDetail:
    """CoeUnreachableError when it does not answer."""
    said = engine.system()
    labels = dict(label.partition("=")[::2] for label in said.get("Labels") or ())
    return NodeDetail(
        "ready", version=str(said.get("ServerVersion", "")), runs=said["ContainersRunning"], labels=labels
    )
