"""What must happen to each container so that a bay holds the wishes and nothing else of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from magnumctl.coe.contract import Action
from magnumctl.manifests import ContainerWish

from .live import Live
from .placement import place

ENDING = frozenset({"dead", "removing"})


@dataclass(frozen=True)
class Step:
    """`node` is where the wish goes to, or where the deleted one is; `wish` is None for what is deleted."""

    action: Action
    reason: str
    node: str
    wish: ContainerWish | None
    live: Live | None

    @property
    def name(self) -> str:
        return self.wish.name if self.wish else self.live.wish_name if self.live else ""


def steps(bay: str, wishes: Sequence[ContainerWish], lives: Sequence[Live], nodes: Sequence[str]) -> tuple[Step, ...]:
    """The wishes' in their order, then the deletions."""
    kept = {wish.name: chosen(wish, lives) for wish in wishes}
    homes = {name: live.node for name, live in kept.items() if live}
    placed = place(bay, wishes, homes, nodes)
    used = {live.id for live in kept.values() if live}
    return (
        *(step_of(wish, kept[wish.name], placed[wish.name]) for wish in wishes),
        *(deletion(live, kept) for live in lives if live.id not in used),
    )


def chosen(wish: ContainerWish, lives: Iterable[Live]) -> Live | None:
    """The container that is the wish's: the pinned node's first. Leftovers of a replacement are never it."""
    own = [live for live in lives if live.wish_name == wish.name and live.is_itself]
    return min(own, key=lambda live: (live.node != wish.node, live.node), default=None)


def step_of(wish: ContainerWish, live: Live | None, node: str) -> Step:
    if live is None:
        return Step("create", f"on {node}", node, wish, None)
    if live.node != node:
        return Step("replace", f"moves from {live.node} to {node}", node, wish, live)
    if live.digest != wish.digest:
        return Step("replace", change_of(wish, live), node, wish, live)
    if live.state in ENDING:
        return Step("replace", f"is {live.state}", node, wish, live)
    if live.state == "created":
        return Step("update", "was never started", node, wish, live)
    return Step("none", f"{live.held} by hand" if live.held else "", node, wish, live)


def change_of(wish: ContainerWish, live: Live) -> str:
    change = f"image {live.image} to {wish.image}" if live.image != wish.image else "its settings changed"
    return f"{change}; starts it, {live.held} by hand as it is" if live.held else change


def deletion(live: Live, kept: Mapping[str, Live | None]) -> Step:
    if live.wish_name in kept:
        reason = "left over from a replacement" if not live.is_itself else f"is on {live.node} as well"
    else:
        reason = "the blueprint no longer has it"
    return Step("delete", reason, live.node, None, live)
