"""Secrets sealed with AES-256-GCM, each bound to its bay and its name."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from magnumctl.errors import SealError

from .keys import KeySource, SourceName, key_to_seal_with
from .records import BayRecord, now
from .store import Store
from .travelling import Envelope, opened, sealed

NONCE_BYTES, SALT_BYTES = 12, 16

HINTS: dict[SourceName, str] = {
    "passphrase": "set MAGNUMCTL_KEY to the passphrase that the ledger was sealed with",
    "keyring": "run it in the desktop session whose keyring sealed the ledger, or unlock that keyring",
    "file": "bring back the key file from a backup",
}


@dataclass(frozen=True)
class Key:
    """`fingerprint` tells keys apart and says nothing about them."""

    source: SourceName
    salt: bytes
    key: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(b"magnumctl key\n" + self.key).hexdigest()[:16]


@dataclass(frozen=True)
class Sealed:
    fingerprint: str
    nonce: bytes
    ciphertext: bytes


class Seals:
    def __init__(self, store: Store, sources: Sequence[KeySource]) -> None:
        self._store = store
        self._sources = tuple(sources)
        self._lock = threading.Lock()
        self._keys: dict[str, Key] = {}
        self._sealing: Key | None = None

    def seal(self, bay_uuid: str, name: str, text: str) -> None:
        key = self._sealing_key()
        nonce = secrets.token_bytes(NONCE_BYTES)
        row = {
            "bay_uuid": bay_uuid,
            "name": name,
            "fingerprint": key.fingerprint,
            "nonce": nonce,
            "ciphertext": AESGCM(key.key).encrypt(nonce, text.encode(), _bound_to(bay_uuid, name)),
            "sealed_at": now(),
        }
        with self._store.writing() as db:
            known = {"source": key.source, "salt": key.salt, "first_used_at": now()}
            db.table("keys").insert({"fingerprint": key.fingerprint, **known}, ignore=True)
            db.table("secrets").upsert(row, pk=("bay_uuid", "name"))

    def unseal(self, bay_uuid: str, name: str) -> str | None:
        sealed = self._row(bay_uuid, name)
        if sealed is None:
            return None
        key = self._key(sealed.fingerprint)
        try:
            return AESGCM(key.key).decrypt(sealed.nonce, sealed.ciphertext, _bound_to(bay_uuid, name)).decode()
        except InvalidTag as exc:
            raise SealError(f"the sealed {name} of bay {bay_uuid} was altered", hint="magnumctl state rebuild") from exc

    def holds(self, bay_uuid: str, name: str) -> bool:
        return self._row(bay_uuid, name) is not None

    def envelope(self, bay: BayRecord, secrets: str) -> Envelope:
        key = self._sealing_key()
        return Envelope(bay, key.source, key.salt, key.fingerprint, sealed(key.key, bay, secrets))

    def open(self, envelope: Envelope) -> str:
        """The key it was sealed with becomes one of this ledger's."""
        known = {"source": envelope.source, "salt": envelope.salt, "first_used_at": now()}
        with self._store.writing() as db:
            db.table("keys").insert({"fingerprint": envelope.fingerprint, **known}, ignore=True)
        return opened(self._key(envelope.fingerprint).key, envelope)

    def _row(self, bay_uuid: str, name: str) -> Sealed | None:
        with self._store.reading() as db:
            rows = db.query(
                "select fingerprint, nonce, ciphertext from secrets where bay_uuid = ? and name = ?", [bay_uuid, name]
            )
            return next((Sealed(**row) for row in rows), None)

    def _sealing_key(self) -> Key:
        """One key for the whole run, found once."""
        with self._lock:
            if self._sealing is None:
                salt = self._salt()
                source, key = key_to_seal_with(self._sources, salt)
                self._sealing = Key(source.name, salt, key)
            return self._sealing

    def _salt(self) -> bytes:
        """The ledger's own, so that one passphrase is one key here; another ledger's is another."""
        with self._store.reading() as db:
            salts = [bytes(row["salt"]) for row in db.query("select salt from keys order by first_used_at limit 1")]
        return salts[0] if salts else secrets.token_bytes(SALT_BYTES)

    def _key(self, fingerprint: str) -> Key:
        with self._lock:
            if fingerprint not in self._keys:
                self._keys[fingerprint] = self._find_key(fingerprint)
            return self._keys[fingerprint]

    def _find_key(self, fingerprint: str) -> Key:
        with self._store.reading() as db:
            row = db.table("keys").get(fingerprint)
        sources = sorted(self._sources, key=lambda source: source.name != row["source"])
        for source in sources:
            key = source.key(row["salt"])
            if key is not None and Key(source.name, row["salt"], key).fingerprint == fingerprint:
                return Key(source.name, row["salt"], key)
        raise SealError(
            f"none of the keys here opens what was sealed with the {row['source']} key {fingerprint}",
            detail="asked: " + ", ".join(source.where for source in self._sources),
            hint=HINTS[row["source"]],
        )


def _bound_to(bay_uuid: str, name: str) -> bytes:
    """Authenticated with the text: a sealed text moved to another bay or name does not open."""
    return f"{bay_uuid}\n{name}".encode()
