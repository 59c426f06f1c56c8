"""The release that the emulated engine says it is."""

from __future__ import annotations

SERVER_VERSION = "27.5.1"
API_VERSION = "1.47"
MINIMUM_VERSION = "1.24"
KERNEL = "6.1.0-sandbox"


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
