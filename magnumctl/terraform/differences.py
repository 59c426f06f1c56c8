"""What exactly somebody changed: attribute by attribute, from Terraform's description of a plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
MOST = 60
"""So many characters of a value say which it is."""


def differences(shown: str) -> dict[str, tuple[str, ...]]:
    """By address: `flavor_name: m1.small, now m1.large`. Nothing secret: what Terraform calls sensitive is left out."""
    drifted = json.loads(shown).get("resource_drift", ())
    return {each["address"]: tuple(_of_change(each["change"])) for each in drifted if each["change"].get("after")}


def _of_change(change: Json) -> Iterator[str]:
    before, after = change.get("before") or {}, change["after"]
    secret = {*_sensitive(change.get("before_sensitive")), *_sensitive(change.get("after_sensitive"))}
    for name in sorted({*before, *after} - secret):
        old, new = before.get(name), after.get(name)
        if (old or None) != (new or None):
            yield f"{name}: {_said(old)}, now {_said(new)}"


def _sensitive(marks: object) -> set[str]:
    """Names of attributes that are secret as a whole or in a part."""
    return {name for name, mark in marks.items() if mark} if isinstance(marks, Mapping) else set()


def _said(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text if len(text) <= MOST else f"{text[:MOST]}..."
