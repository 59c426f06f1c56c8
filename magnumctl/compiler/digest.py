"""What must rebuild a node when it changes.

Taken from what the node was told to be, not from the text that told it: a new version of magnumctl, whose boot
script says the same in other words, rebuilds nothing. Left out is what a node that runs has no more use for
(the bootstrap token) and what may change around it (the number of workers).
"""

from __future__ import annotations

import hashlib
import json

from magnumctl.blueprint.model import Bay
from magnumctl.compiler.kubernetes import KubernetesNode
from magnumctl.compiler.labels import node_labels
from magnumctl.pki import DockerSecrets

GENERATION = 1
"""Raised when nodes made by earlier versions of magnumctl have to be rebuilt."""


def docker_digest(bay: Bay, node: str, secrets: DockerSecrets) -> str:
    return _sha256(
        generation=GENERATION,
        coe="docker",
        server=f"{bay.name}-{node}",
        endpoint=bay.api.endpoint,
        client_ca=secrets.client_ca.certificate,
        authority=secrets.nodes[node].certificate,
        user_data=bay.user_data,
    )


def kubernetes_digest(node: KubernetesNode) -> str:
    """A worker is rebuilt for its labels, which only a joining node can give itself; a control plane never is."""
    worker = node.group.role == "worker"
    return _sha256(
        generation=GENERATION,
        coe="kubernetes",
        server=node.server,
        role=node.group.role,
        endpoint=node.bay.api.endpoint,
        version=node.wish.version,
        cidrs=[node.wish.pod_cidr, node.wish.service_cidr],
        install=node.wish.install,
        cni=node.wish.cni,
        authorities=_authorities(node),
        labels=dict(node_labels(node.bay, node.group)) if worker else {},
        user_data=node.bay.user_data,
    )


def _authorities(node: KubernetesNode) -> list[str]:
    secrets = node.secrets
    if node.group.role == "worker":
        return [secrets.ca.certificate]
    others = (secrets.etcd_ca.certificate, secrets.front_proxy_ca.certificate, secrets.service_account.public)
    return [secrets.ca.certificate, *others]


def _sha256(**told: object) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
