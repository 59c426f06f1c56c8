"""The node groups of a bay: names, and what each group takes from the bay."""

from __future__ import annotations

from collections.abc import Iterator

from . import model
from .document_bay import BayFields, MergedBayDocument, NodeGroupDocument


def node_groups(bay: MergedBayDocument) -> Iterator[model.NodeGroup]:
    if bay.coe == "kubernetes":
        yield model.NodeGroup(
            name=model.CONTROL_PLANE_GROUP,
            role="control_plane",
            flavor=bay.control_plane_flavor or bay.flavor,
            image=bay.image,
            node_names=tuple(f"{model.CONTROL_PLANE_GROUP}-{index}" for index in range(bay.control_plane)),
            labels=bay.labels,
            availability_zones=bay.availability_zones or (),
            boot_volume=_boot_volume(bay),
            policy=bay.policy or "soft-anti-affinity",
        )
    for name, group in bay.nodes.items():
        yield model.NodeGroup(
            name=name,
            role="worker",
            flavor=group.flavor or bay.flavor,
            image=group.image or bay.image,
            node_names=_node_names(name, group),
            labels={**bay.labels, **group.labels},
            availability_zones=group.availability_zones or bay.availability_zones or (),
            boot_volume=_boot_volume(group, bay),
            policy=group.policy or bay.policy or "soft-anti-affinity",
        )


def _node_names(name: str, group: NodeGroupDocument) -> tuple[str, ...]:
    """`count` names, those that `remove` lists passed over."""
    numbered = (f"{name}-{index}" for index in range(group.count + len(group.remove)))
    return tuple(node for node in numbered if node not in group.remove)[: group.count]


def _boot_volume(*documents: BayFields | NodeGroupDocument) -> model.BootVolume | None:
    written = next((document.boot_volume for document in documents if document.boot_volume), None)
    return model.BootVolume(size=written.size, type=written.type) if written else None
