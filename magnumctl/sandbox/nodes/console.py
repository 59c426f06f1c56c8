from __future__ import annotations

import time


class Console:
    """What a node writes to its serial console."""

    def __init__(self, name: str) -> None:
        self._booted = time.monotonic()
        self._lines: list[str] = []
        self._name = name

    def say(self, line: str) -> None:
        self._lines.append(f"[{time.monotonic() - self._booted:12.6f}] {line}")

    def boot(self) -> None:
        self._booted = time.monotonic()
        self.say("Linux version 6.1.0-sandbox (debian-kernel@lists.debian.org)")
        self.say(f"systemd[1]: Hostname set to <{self._name}>.")
        self.say("cloud-init[312]: Cloud-init v. 25.1.4 running 'init'")

    def text(self) -> str:
        return "\n".join([*self._lines, f"{self._name} login: "])
