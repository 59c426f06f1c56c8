"""The labels of a node, as its kubelet registers them."""

from __future__ import annotations

from collections.abc import Mapping

from magnumctl.blueprint.model import Bay, NodeGroup
from magnumctl.errors import BlueprintError

NODE_GROUP = "magnumctl.io/node-group"
RESERVED = ("kubernetes.io", "k8s.io")
"""The domains in which a kubelet may use only the labels below; with another one it does not start."""
FREE = ("kubelet.kubernetes.io", "node.kubernetes.io")
KNOWN = frozenset(
    {
        "kubernetes.io/hostname",
        "kubernetes.io/arch",
        "kubernetes.io/os",
        "node.kubernetes.io/instance-type",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    }
)


def group_labels(bay: Bay, group: NodeGroup) -> dict[str, str]:
    return {**bay.labels, **group.labels}


def node_labels(bay: Bay, group: NodeGroup) -> Mapping[str, str]:
    """Raise BlueprintError for a label that the kubelet would refuse to give itself."""
    labels = group_labels(bay, group)
    for label in labels:
        if not _allowed(label):
            raise BlueprintError(
                f"node group {group.name} of bay {bay.name} may not have the label {label}",
                detail="Kubernetes lets no node give itself a label of that domain",
                hint="name it without a domain, or with one of your own",
            )
    return {**labels, NODE_GROUP: group.name}


def _allowed(label: str) -> bool:
    domain, slash, _ = label.partition("/")
    if not slash or label in KNOWN or _within(domain, FREE):
        return True
    return not _within(domain, RESERVED)


def _within(domain: str, parents: tuple[str, ...]) -> bool:
    return any(domain == parent or domain.endswith(f".{parent}") for parent in parents)
