"""Bootstrap tokens: Secrets of kube-system that let nodes join until they expire."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.store import Store

SECRET = find_built_in("Secret")
NAMESPACE, TYPE = "kube-system", "bootstrap.kubernetes.io/token"
FOR_EVER = "0s"
UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}


def token_secret(wish: Mapping[str, Any], now: dt.datetime) -> Json:
    """Of an entry of kubeadm's `bootstrapTokens`; without a `ttl` it lasts a day."""
    identity, _, secret = str(wish["token"]).partition(".")
    told = {"token-id": identity, "token-secret": secret}
    told |= {f"usage-bootstrap-{usage}": "true" for usage in wish.get("usages") or ("signing", "authentication")}
    told["auth-extra-groups"] = ",".join(wish.get("groups") or ())
    ttl = str(wish.get("ttl") or "24h0m0s")
    if ttl != FOR_EVER:
        told["expiration"] = (now + dt.timedelta(seconds=_seconds(ttl))).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = {"name": f"bootstrap-token-{identity}", "namespace": NAMESPACE}
    written = {name: base64.b64encode(text.encode()).decode() for name, text in told.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": TYPE, "data": written}


def _seconds(duration: str) -> float:
    """Go's spelling, 1h30m0s."""
    return sum(float(number) * UNITS[unit] for number, unit in re.findall(r"([\d.]+)([hms])", duration))


def tokens_in_force(store: Store) -> frozenset[str]:
    with store.lock:
        held = [body.get("data") or {} for body in store.peek(SECRET, NAMESPACE) if body.get("type") == TYPE]
    return frozenset(token for token in map(_token, held) if token)


def _token(written: Mapping[str, str]) -> str:
    """Empty when it may not authenticate, or no longer."""
    try:
        told = {name: base64.b64decode(text).decode() for name, text in written.items()}
        until = told.get("expiration")
        fresh = until is None or dt.datetime.fromisoformat(until) > dt.datetime.now(dt.UTC)
    except (binascii.Error, ValueError, TypeError):
        return ""
    allowed = told.get("usage-bootstrap-authentication") == "true"
    return f"{told.get('token-id')}.{told.get('token-secret')}" if allowed and fresh else ""
