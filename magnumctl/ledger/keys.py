"""Where the key that seals secrets comes from: MAGNUMCTL_KEY, the OS keyring, or a private file."""

from __future__ import annotations

import base64
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import platformdirs
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from magnumctl.errors import SealError

from .keyrings import Keyring, usable_keyring

KEY_BYTES = 32
SourceName = Literal["passphrase", "keyring", "file"]


class KeySource(Protocol):
    """`where` names it to people."""

    @property
    def name(self) -> SourceName: ...

    @property
    def where(self) -> str: ...

    def key(self, salt: bytes) -> bytes | None:
        """The key that is there, or None."""

    def new_key(self, salt: bytes) -> bytes | None:
        """A key made and kept, or None when this source cannot keep one."""


@dataclass(frozen=True)
class Passphrase:
    text: str = field(repr=False)
    name: SourceName = "passphrase"
    where: str = "MAGNUMCTL_KEY"

    def key(self, salt: bytes) -> bytes | None:
        # About 0.1 s and 32 MiB: dear enough for a guesser, cheap enough for once a run.
        return Scrypt(salt=salt, length=KEY_BYTES, n=2**15, r=8, p=1).derive(self.text.encode())

    def new_key(self, salt: bytes) -> bytes | None:
        return self.key(salt)


@dataclass(frozen=True)
class KeyringKey:
    """The keyring is looked for when it is first needed: finding one can cost seconds."""

    find: Callable[[], Keyring | None]
    name: SourceName = "keyring"
    where: str = "the OS keyring (service magnumctl)"

    def key(self, salt: bytes) -> bytes | None:  # noqa: ARG002  a random key needs no salt
        keyring = self.find()
        kept = keyring.get() if keyring else None
        return _decoded(kept, self.where) if kept else None

    def new_key(self, salt: bytes) -> bytes | None:
        keyring = self.find()
        if keyring is None or not keyring.put(_new_text()):
            return None
        return self.key(salt)


@dataclass(frozen=True)
class KeyFile:
    path: Path
    name: SourceName = "file"

    @property
    def where(self) -> str:
        return str(self.path)

    def key(self, salt: bytes) -> bytes | None:  # noqa: ARG002  a random key needs no salt
        try:
            mode = self.path.lstat().st_mode
            text = self.path.read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as exc:
            raise SealError(f"the key file {self.path} cannot be read", detail=str(exc)) from exc
        if not stat.S_ISREG(mode) or mode & 0o077:
            raise SealError(
                f"the key file {self.path} is open to others, or no file at all", hint=f"chmod 600 {self.path}"
            )
        return _decoded(text, self.where)

    def new_key(self, salt: bytes) -> bytes | None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(_new_text())
        except OSError as exc:
            raise SealError(
                f"the key file {self.path} cannot be made",
                detail=exc.strerror or str(exc),
                hint="give a passphrase in MAGNUMCTL_KEY instead",
            ) from exc
        return self.key(salt)

    def _write(self, text: str) -> None:
        """Whole or not at all, and never over the key that another process has just made."""
        descriptor, name = tempfile.mkstemp(dir=self.path.parent)  # 0600 by itself
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(descriptor)
            os.link(name, self.path)
        except FileExistsError:
            return
        finally:
            Path(name).unlink()


def key_sources(environ: Mapping[str, str]) -> tuple[KeySource, ...]:
    """In the order of preference; the keyring is asked before the file."""
    passphrase = environ.get("MAGNUMCTL_KEY")
    folder = platformdirs.user_data_path("magnumctl")
    kept: tuple[KeySource, ...] = (KeyringKey(lambda: usable_keyring(environ)), KeyFile(folder / "key"))
    return (Passphrase(passphrase), *kept) if passphrase else kept


def key_to_seal_with(sources: Sequence[KeySource], salt: bytes) -> tuple[KeySource, bytes]:
    """A key that is there comes before a new one: else a session without the keyring would part the secrets in two."""
    for source in sources:
        key = source.key(salt)
        if key is not None:
            return source, key
    for source in sources:
        key = source.new_key(salt)
        if key is not None:
            return source, key
    raise SealError("there is no place to keep the key that seals secrets", hint="give a passphrase in MAGNUMCTL_KEY")


def _new_text() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=False)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SealError(f"what is kept in {where} is no key of magnumctl", hint="restore it from a backup")
    return key
