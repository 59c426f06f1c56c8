"""What becomes of the containers of nodes that go: the push that follows makes them anew on others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from magnumctl.coe.contract import Report
from magnumctl.errors import CoeError

if TYPE_CHECKING:
    from .engine import Engine


def tell_of_moves(engines: Iterable[Engine], bay_uuid: str, report: Report) -> None:
    """Nothing is stopped: an engine has nobody to hand a container to, and its node goes in a moment."""
    for engine in engines:
        try:
            found = engine.ours(bay_uuid)
        except CoeError:
            report(f"node {engine.node.name}: does not answer, its containers are made anew")
            continue
        for live in found:
            report(f"node {engine.node.name}: container {live.wish_name} ends, and is made anew elsewhere")
