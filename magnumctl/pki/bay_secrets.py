"""The secrets of one bay: made before anything boots, kept for the bay's whole life."""

from __future__ import annotations

import secrets as random
from collections.abc import Iterable
from datetime import timedelta

from magnumctl.blueprint.model import Coe
from magnumctl.errors import MagnumctlError
from magnumctl.pki.certificates import new_authority, new_key_pair, signed_client, subject_of
from magnumctl.pki.model import Authority, BaySecrets, ClientCertificate, DockerSecrets, KubernetesSecrets

ADMINS = "magnumctl:admins"
"""The organization (for Kubernetes: the group) of everybody who holds a certificate of a bay."""
AUTHORITIES = "magnumctl"


def new_secrets(coe: Coe, node_names: Iterable[str]) -> BaySecrets:
    if coe == "kubernetes":
        return BaySecrets(kubernetes=_kubernetes_secrets())
    client_ca = new_authority(subject_of("docker clients", AUTHORITIES))
    return with_nodes(BaySecrets(docker=DockerSecrets(client_ca=client_ca, nodes={})), node_names)


def with_nodes(secrets: BaySecrets, node_names: Iterable[str]) -> BaySecrets:
    """The same secrets, with an authority for each Docker node that has none; nothing else changes."""
    if secrets.docker is None:
        return secrets
    nodes = dict(secrets.docker.nodes)
    missing = [name for name in node_names if name not in nodes]
    nodes.update({name: _node_authority(name) for name in missing})
    return secrets.model_copy(update={"docker": secrets.docker.model_copy(update={"nodes": nodes})})


def with_new_bootstrap_token(secrets: BaySecrets) -> BaySecrets:
    """The same secrets with a fresh token, for nodes that join after the first one has expired."""
    if secrets.kubernetes is None:
        return secrets
    renewed = secrets.kubernetes.model_copy(update={"bootstrap_token": _bootstrap_token()})
    return secrets.model_copy(update={"kubernetes": renewed})


def client_certificate(secrets: BaySecrets, user: str, ttl: timedelta) -> ClientCertificate:
    """A certificate for `user`, signed on the spot; `ca` holds what signs the bay's servers."""
    subject = subject_of(user or "unknown", ADMINS)
    if secrets.kubernetes is not None:
        authority, trusted = secrets.kubernetes.ca, secrets.kubernetes.ca.certificate
    elif secrets.docker is not None:
        authority = secrets.docker.client_ca
        trusted = "".join(node.certificate for _, node in sorted(secrets.docker.nodes.items()))
    else:
        raise MagnumctlError("the bay has no secrets, so nobody can be given a certificate for it")
    certificate, key = signed_client(authority, subject, ttl)
    return ClientCertificate(ca=trusted, certificate=certificate, key=key)


def etcd_certificate(secrets: KubernetesSecrets, ttl: timedelta) -> ClientCertificate:
    """For who may say which members etcd has."""
    certificate, key = signed_client(secrets.etcd_ca, subject_of("magnumctl", ADMINS), ttl)
    return ClientCertificate(ca=secrets.etcd_ca.certificate, certificate=certificate, key=key)


def _kubernetes_secrets() -> KubernetesSecrets:
    return KubernetesSecrets(
        ca=new_authority(subject_of("kubernetes", AUTHORITIES)),
        etcd_ca=new_authority(subject_of("etcd-ca", AUTHORITIES)),
        front_proxy_ca=new_authority(subject_of("front-proxy-ca", AUTHORITIES)),
        service_account=new_key_pair(),
        bootstrap_token=_bootstrap_token(),
    )


def _node_authority(node: str) -> Authority:
    return new_authority(subject_of(node, f"{AUTHORITIES} docker node"))


def _bootstrap_token() -> str:
    """In kubeadm's form: six characters that name the token, sixteen that are secret."""
    return f"{random.token_hex(3)}.{random.token_hex(8)}"
