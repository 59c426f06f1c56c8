"""Which node a container goes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from magnumctl.errors import WorkloadRejectedError
from magnumctl.manifests import ContainerWish


def place(
    bay: str, wishes: Sequence[ContainerWish], homes: Mapping[str, str], nodes: Sequence[str]
) -> Mapping[str, str]:
    """Container name to node name: where the blueprint pins it, else where it is, else where fewest of ours are.

    `homes` says where containers are now. Of nodes with equally few the first is taken, and one whose
    published ports are free before any that has them taken by another of ours.
    """
    if wishes and not nodes:
        raise WorkloadRejectedError(
            f"bay {bay}: no node can hold container {wishes[0].name}",
            detail="the bay has no nodes",
            hint="give the bay nodes in the blueprint",
        )
    placed = {wish.name: settled(bay, wish, homes, nodes) for wish in wishes}
    by_name = {wish.name: wish for wish in wishes}
    for wish in wishes:
        if placed[wish.name] is None:
            there = {node: [by_name[name] for name, at in placed.items() if at == node] for node in nodes}
            placed[wish.name] = min(nodes, key=lambda node: (clashes(wish, there[node]), len(there[node])))
    return {name: node for name, node in placed.items() if node}


def settled(bay: str, wish: ContainerWish, homes: Mapping[str, str], nodes: Sequence[str]) -> str | None:
    if wish.node is None:
        return homes.get(wish.name)
    if wish.node in nodes:
        return wish.node
    raise WorkloadRejectedError(
        f"bay {bay}: container {wish.name} cannot go to {wish.node}",
        detail=f"the bay's nodes are {', '.join(nodes)}",
        hint=f"change node: of container {wish.name}, or leave it out",
    )


def clashes(wish: ContainerWish, others: Sequence[ContainerWish]) -> bool:
    taken = {(port.host_port, port.protocol) for other in others for port in other.ports}
    return any(port.host_port and (port.host_port, port.protocol) in taken for port in wish.ports)
