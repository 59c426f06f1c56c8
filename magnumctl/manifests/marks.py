"""The marks by which magnumctl knows its own objects inside a bay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

MANAGED_BY = "app.kubernetes.io/managed-by"
BAY = "magnumctl.io/bay"
POD = "magnumctl.io/pod"
SERVICE = "magnumctl.io/service"
CONTAINER = "magnumctl.io/container"
DIGEST = "magnumctl.io/digest"
"""Digest of the wish: a Kubernetes annotation, a Docker label. What engines derive from ours lacks it."""
TEMPLATE = "magnumctl.io/template"
"""Digest of a pod template, on its pods: tells the pods of this rollout from those of the last one."""


def marks(bay_uuid: str, kind_mark: str, name: str) -> dict[str, str]:
    return {MANAGED_BY: "magnumctl", BAY: bay_uuid, kind_mark: name}


def digest_of(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
