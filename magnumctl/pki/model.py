"""What a bay's trust rests on, as values. `model_dump_json` of BaySecrets is what the ledger seals."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field


class Secret(BaseModel):
    """Keys stay out of `repr`, and so out of logs and tracebacks."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Authority(Secret):
    """A certificate authority; both are PEM texts."""

    certificate: str
    key: str = Field(repr=False)


class KeyPair(Secret):
    """A key that signs tokens, not certificates; both are PEM texts."""

    public: str
    key: str = Field(repr=False)


class KubernetesSecrets(Secret):
    ca: Authority
    etcd_ca: Authority
    front_proxy_ca: Authority
    service_account: KeyPair
    bootstrap_token: str = Field(repr=False)


class DockerSecrets(Secret):
    """The key of `client_ca` never leaves the client; each node has the key of its own in `nodes`."""

    client_ca: Authority
    nodes: Mapping[str, Authority]


class BaySecrets(Secret):
    kubernetes: KubernetesSecrets | None = None
    docker: DockerSecrets | None = None


class ClientCertificate(Secret):
    """PEM texts: `ca` are the authorities a client trusts, the rest says who the client is."""

    ca: str
    certificate: str
    key: str = Field(repr=False)
