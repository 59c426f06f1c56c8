"""The files that make a server a node of a Kubernetes bay: the first control plane, a further one, a worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from magnumctl.blueprint.model import Bay, Kubernetes, NodeGroup
from magnumctl.compiler.cloud_config import BOOT, File
from magnumctl.compiler.labels import node_labels
from magnumctl.compiler.metadata import metadata_files
from magnumctl.compiler.placeholders import (
    API_ADDRESS,
    FIXED_ADDRESS,
    INTERNAL_API_ADDRESS,
    KUBERNETES_VERSION,
    NODE_ADDRESS,
)
from magnumctl.compiler.rules import PORTS
from magnumctl.compiler.templates import render
from magnumctl.pki import ADMINS, Authority, KubernetesSecrets, ca_hash

PKI = "/etc/kubernetes/pki"
MANIFESTS = "/etc/magnumctl/manifests"
KUBEADM = "/etc/magnumctl/kubeadm.yaml"
REPOSITORY = "https://pkgs.k8s.io/core:/stable:/v{minor}/deb/"
TOKEN_TTL = "24h0m0s"  # noqa: S105 a time, no secret
"""How long after the bay's first boot its first token lets nodes join; later nodes need a new one."""
FLANNEL = "ghcr.io/flannel-io/flannel:v0.28.10"
FLANNEL_PLUGIN = "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3"


@dataclass(frozen=True)
class KubernetesNode:
    """One node to be made; `wish` is what the blueprint says about the bay's Kubernetes.

    `control_planes` are those that stand.
    """

    bay: Bay
    group: NodeGroup
    name: str
    wish: Kubernetes
    secrets: KubernetesSecrets = field(repr=False)
    control_planes: tuple[str, ...] = ()

    @property
    def server(self) -> str:
        return f"{self.bay.name}-{self.name}"

    @property
    def is_first(self) -> bool:
        """The one that makes the cluster: nobody does while another control plane holds it."""
        return self.name == self.bay.control_plane[0] and not set(self.control_planes) - {self.name}


def kubernetes_files(node: KubernetesNode) -> tuple[File, ...]:
    control_plane = _authority_files(node.secrets) if node.group.role == "control_plane" else ()
    steps = _first_files(node) if node.is_first else _joining_files(node)
    return (*control_plane, *steps, *_common_files(node))


def minor_of(version: str) -> str:
    """Of "1.34" and of "1.34.4" it is "1.34"."""
    return ".".join(version.split(".")[:2])


def _authority_files(secrets: KubernetesSecrets) -> Iterator[File]:
    yield from _authority(f"{PKI}/ca", secrets.ca)
    yield from _authority(f"{PKI}/etcd/ca", secrets.etcd_ca)
    yield from _authority(f"{PKI}/front-proxy-ca", secrets.front_proxy_ca)
    yield File(f"{PKI}/sa.key", secrets.service_account.key, "0600")
    yield File(f"{PKI}/sa.pub", secrets.service_account.public)


def _authority(path: str, authority: Authority) -> Iterator[File]:
    yield File(f"{path}.crt", authority.certificate)
    yield File(f"{path}.key", authority.key, "0600")


def _first_files(node: KubernetesNode) -> Iterator[File]:
    yield File(KUBEADM, _init_configuration(node), "0600")
    yield File(f"{MANIFESTS}/10-admins.yaml", render("admins.yaml.j2", group=ADMINS))
    if node.wish.cni == "flannel":
        yield File(f"{MANIFESTS}/20-flannel.yaml", _flannel(node.wish))
    elif node.wish.cni == "manifest" and node.wish.cni_manifest is not None:
        yield File(f"{MANIFESTS}/20-cni.yaml", node.wish.cni_manifest)


def _joining_files(node: KubernetesNode) -> Iterator[File]:
    joining = render(
        "kubeadm-join.yaml.j2",
        **_registration(node),
        endpoint=f"{INTERNAL_API_ADDRESS}:{PORTS['kubernetes']}",
        port=PORTS["kubernetes"],
        token=node.secrets.bootstrap_token,
        ca_hash=ca_hash(node.secrets.ca),
    )
    yield File(KUBEADM, joining, "0600")
    yield File("/etc/magnumctl/await-api", render("await-api.py.j2", silent_seconds=900, unsigned_seconds=120))


def _common_files(node: KubernetesNode) -> Iterator[File]:
    minor = minor_of(node.wish.version)
    yield File("/etc/magnumctl/api-address", f"{INTERNAL_API_ADDRESS}\n")
    yield File("/etc/magnumctl/kubernetes-minor", f"{minor}\n")
    if node.wish.install == "packages":
        yield File("/etc/magnumctl/kubernetes-repository", REPOSITORY.format(minor=minor) + "\n")
        yield File("/etc/modules-load.d/kubernetes.conf", "overlay\nbr_netfilter\n")
        yield File("/etc/sysctl.d/90-kubernetes.conf", render("sysctl.conf.j2"))
    yield from metadata_files()
    step = "init" if node.is_first else "join"
    boot = render("boot-kubernetes.sh.j2", install=node.wish.install, step=step, placeholder=KUBERNETES_VERSION)
    yield File(BOOT, boot, "0700")


def _init_configuration(node: KubernetesNode) -> str:
    """A version without a patch level is whatever patch level the image has; the boot script fills it in."""
    exact = node.wish.version != minor_of(node.wish.version)
    return render(
        "kubeadm-init.yaml.j2",
        **_registration(node),
        bay=node.bay.name,
        port=PORTS["kubernetes"],
        token=node.secrets.bootstrap_token,
        token_ttl=TOKEN_TTL,
        version=f"v{node.wish.version}" if exact else KUBERNETES_VERSION,
        endpoint=f"{INTERNAL_API_ADDRESS}:{PORTS['kubernetes']}",
        pod_cidr=node.wish.pod_cidr,
        service_cidr=node.wish.service_cidr,
        addresses=(API_ADDRESS, INTERNAL_API_ADDRESS, NODE_ADDRESS, FIXED_ADDRESS, "127.0.0.1", "localhost"),
    )


def _registration(node: KubernetesNode) -> dict[str, object]:
    labels = node_labels(node.bay, node.group)
    return {
        "server": node.server,
        "role": node.group.role,
        "fixed_address": FIXED_ADDRESS,
        "takes_pods": len(node.bay.nodes) == len(node.bay.control_plane),
        "labels": ",".join(f"{key}={value}" for key, value in sorted(labels.items())),
    }


def _flannel(wish: Kubernetes) -> str:
    return render("flannel.yaml.j2", pod_cidr=wish.pod_cidr, image=FLANNEL, plugin_image=FLANNEL_PLUGIN)
