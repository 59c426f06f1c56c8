"""The OS keyring, where there is a real one that answers."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import keyring.errors
from keyring.backend import KeyringBackend

SERVICE, ACCOUNT = "magnumctl", "ledger key"
ANSWER_SECONDS = 5.0
"""A locked keyring on a bus without a desktop never answers."""

WORTHY = 1
"""keyring's own advice: a backend of priority 1 or more is recommended; the plain-text ones lie below."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Keyring:
    backend: KeyringBackend

    def get(self) -> str | None:
        return in_time(lambda: self.backend.get_password(SERVICE, ACCOUNT))

    def put(self, text: str) -> bool:
        in_time(lambda: self.backend.set_password(SERVICE, ACCOUNT, text))
        return self.get() == text


def usable_keyring(environ: Mapping[str, str]) -> Keyring | None:
    if sys.platform.startswith("linux") and not environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return None
    backend = in_time(keyring.get_keyring)
    return Keyring(backend) if backend and in_time(lambda: backend.priority >= WORTHY) else None


def in_time(ask: Callable[[], Answer]) -> Answer | None:
    """The answer, or None when there is none in time or the backend fails."""
    answers: list[Answer] = []

    def run() -> None:
        try:
            answers.append(ask())
        except (keyring.errors.KeyringError, RuntimeError, OSError):
            return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(ANSWER_SECONDS)
    return answers[0] if answers else None
