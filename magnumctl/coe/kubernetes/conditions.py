"""Conditions in the status of a Kubernetes object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """`status` is "True", "False" or "Unknown", also when the object has no such condition."""

    status: str
    reason: str
    message: str


def condition(body: Json, kind: str) -> Condition:
    for each in (body.get("status") or {}).get("conditions") or ():
        if each["type"] == kind:
            return Condition(each["status"], each.get("reason") or "", one_line(each.get("message") or ""))
    return Condition("Unknown", "", "")


def one_line(text: str, most: int = 240) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
