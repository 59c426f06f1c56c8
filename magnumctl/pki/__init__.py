"""The trust of a bay: authorities made before its nodes boot, client certificates signed on the spot."""

from magnumctl.pki.bay_secrets import (
    ADMINS,
    client_certificate,
    etcd_certificate,
    new_secrets,
    with_new_bootstrap_token,
    with_nodes,
)
from magnumctl.pki.certificates import ca_hash
from magnumctl.pki.model import (
    Authority,
    BaySecrets,
    ClientCertificate,
    DockerSecrets,
    KeyPair,
    KubernetesSecrets,
)

__all__ = [
    "ADMINS",
    "Authority",
    "BaySecrets",
    "ClientCertificate",
    "DockerSecrets",
    "KeyPair",
    "KubernetesSecrets",
    "ca_hash",
    "client_certificate",
    "etcd_certificate",
    "new_secrets",
    "with_new_bootstrap_token",
    "with_nodes",
]
