"""User-data as cloud-init would read it: the files it puts on the node, and nothing else of it."""

from __future__ import annotations

import base64
import binascii
import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

GZIP_MAGIC = b"\x1f\x8b"


class UserDataError(Exception):
    """The user-data cannot be acted on; the text is what the console shows."""


@dataclass(frozen=True)
class CloudConfig:
    files: Mapping[str, bytes] = field(default_factory=dict)

    def has(self, path: str) -> bool:
        return path in self.files

    def text(self, path: str) -> str:
        if path not in self.files:
            raise UserDataError(f"{path} was not sent in the user-data")
        return self.files[path].decode()

    def under(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self.files if path.startswith(folder)))


def read_user_data(raw: bytes) -> CloudConfig:
    """Raises UserDataError when it says it is a cloud-config and is not one; anything else has no files."""
    text = decompressed(raw).decode(errors="replace")
    if not text.startswith("#cloud-config"):
        return CloudConfig()
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as exc:
        raise UserDataError(f"Failed loading yaml blob. {exc}") from exc
    return CloudConfig(files=written_files(document))


def decompressed(raw: bytes) -> bytes:
    try:
        return gzip.decompress(raw) if raw.startswith(GZIP_MAGIC) else raw
    except (OSError, EOFError, zlib.error) as exc:
        raise UserDataError(f"user-data is not gzip: {exc}") from exc


def written_files(document: Any) -> dict[str, bytes]:
    entries = document.get("write_files") or [] if isinstance(document, dict) else []
    return {entry["path"]: content(entry) for entry in entries if isinstance(entry, dict) and "path" in entry}


def content(entry: Mapping[str, Any]) -> bytes:
    encoding = str(entry.get("encoding", "")).lower()
    body = entry.get("content", "")
    raw = body if isinstance(body, bytes) else str(body).encode()
    try:
        if encoding in {"b64", "base64", "gz+b64", "gz+base64", "gzip+b64", "gzip+base64"}:
            raw = base64.b64decode(raw)
        return gzip.decompress(raw) if encoding.startswith("gz") else raw
    except (binascii.Error, OSError, EOFError, zlib.error) as exc:
        raise UserDataError(f"{entry['path']}: content is not {encoding}: {exc}") from exc
