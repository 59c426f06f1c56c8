"""A container of ours as an engine lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from magnumctl.manifests.marks import CONTAINER, DIGEST

Json = Mapping[str, Any]
HALTED = frozenset({"exited", "paused"})


@dataclass(frozen=True)
class Live:
    """`name` is what the engine calls it, `wish_name` the blueprint; `status` is its phrase, "Up 3 minutes".

    `held` is "stopped" or "paused" when a person did that and it is so still.
    """

    node: str
    id: str
    name: str
    wish_name: str
    digest: str
    image: str
    state: str
    status: str
    held: str = ""

    @property
    def is_itself(self) -> bool:
        """False for one that was moved aside by a replacement that did not finish."""
        return self.name == self.wish_name


def live(node: str, listed: Json, held: Mapping[str, str]) -> Live:
    """`held` tells by name what a person has stopped or paused."""
    labels = listed["Labels"]
    wish_name = labels.get(CONTAINER, "")
    return Live(
        node=node,
        id=listed["Id"],
        name=listed["Names"][0].lstrip("/") if listed["Names"] else "",
        wish_name=wish_name,
        digest=labels.get(DIGEST, ""),
        image=listed["Image"],
        state=listed["State"],
        status=listed["Status"],
        held=held.get(wish_name, "") if listed["State"] in HALTED else "",
    )
