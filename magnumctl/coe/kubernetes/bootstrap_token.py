"""The bay's bootstrap token: a Secret that lets nodes join for a while, and that goes when they have."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .refusal import Refused
from .transport import Transport

LIFE = timedelta(hours=2)
"""Longer than a server of bare metal takes to boot, for the clock of the API server may differ from ours too."""
GROUP = "system:bootstrappers:kubeadm:default-node-token"
SECRETS = "/api/v1/namespaces/kube-system/secrets"


def admit(api: Transport, token: str) -> None:
    """From now on the token lets nodes join, for LIFE; it may do so already."""
    identity, _, _ = token.partition(".")
    api.apply(f"{_path(token)}?fieldManager=magnumctl&force=true", _secret(identity, token, datetime.now(UTC) + LIFE))


def revoke(api: Transport, token: str) -> bool:
    """False when the token let nobody in any more."""
    try:
        api.delete(_path(token), {"apiVersion": "v1", "kind": "DeleteOptions"})
    except Refused as exc:
        if exc.kind == "missing":
            return False
        raise
    return True


def _path(token: str) -> str:
    return f"{SECRETS}/bootstrap-token-{token.partition('.')[0]}"


def _secret(identity: str, token: str, until: datetime) -> Mapping[str, Any]:
    told = {
        "description": "magnumctl: for nodes that are being added",
        "token-id": identity,
        "token-secret": token.partition(".")[2],
        "expiration": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "usage-bootstrap-authentication": "true",
        "usage-bootstrap-signing": "true",
        "auth-extra-groups": GROUP,
    }
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"bootstrap-token-{identity}", "namespace": "kube-system"},
        "type": "bootstrap.kubernetes.io/token",
        "data": {name: base64.b64encode(text.encode()).decode() for name, text in told.items()},
    }
