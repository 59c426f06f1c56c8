"""A bay's record as one text that travels with its Terraform state, so that a lost ledger can be made anew.

The same record, secrets and key give the same text (AES-SIV, RFC 5297): a plan without changes stays one.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from magnumctl.errors import SealError

from .keys import SourceName
from .records import BayRecord

PURPOSE = b"magnumctl record 1"
KEY_BYTES = 64


@dataclass(frozen=True)
class Envelope:
    """What can be read without the key: the record, and which key opens the secrets."""

    bay: BayRecord
    source: SourceName
    salt: bytes
    fingerprint: str
    sealed: bytes

    @property
    def text(self) -> str:
        key = {"source": self.source, "salt": encoded(self.salt), "fingerprint": self.fingerprint}
        whole = {"bay": asdict(self.bay), "key": key, "secrets": encoded(self.sealed)}
        return json.dumps(whole, sort_keys=True, separators=(",", ":"))


def lasting(bay: BayRecord) -> BayRecord:
    """Without what the state says by itself."""
    return replace(bay, api_address="", blueprint_digest="")


def sealed(key: bytes, bay: BayRecord, secrets: str) -> bytes:
    return AESSIV(derived(key)).encrypt(secrets.encode(), [bound_to(bay)])


def opened(key: bytes, envelope: Envelope) -> str:
    try:
        return AESSIV(derived(key)).decrypt(envelope.sealed, [bound_to(envelope.bay)]).decode()
    except InvalidTag as exc:
        raise SealError(
            f"the record of bay {envelope.bay.name} in its Terraform state was altered",
            hint="bring back an older version of the state",
        ) from exc


def read(text: str) -> Envelope:
    try:
        return envelope_of(json.loads(text))
    except (ValueError, KeyError, TypeError) as exc:
        raise SealError(
            "the Terraform state holds no bay's record that this version can read", hint="pip install -U magnumctl"
        ) from exc


def envelope_of(whole: Mapping[str, Any]) -> Envelope:
    key = whole["key"]
    return Envelope(
        bay=BayRecord(**whole["bay"]),
        source=key["source"],
        salt=base64.b64decode(key["salt"]),
        fingerprint=key["fingerprint"],
        sealed=base64.b64decode(whole["secrets"]),
    )


def bound_to(bay: BayRecord) -> bytes:
    """Authenticated with the secrets: a record whose project or allowed range was changed does not open."""
    return PURPOSE + json.dumps(asdict(bay), sort_keys=True).encode()


def derived(key: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, PURPOSE).derive(key)


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
