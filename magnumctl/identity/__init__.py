"""Identity, on keystoneauth1 and openstacksdk's config loader: which cloud, which credential, which project."""

from __future__ import annotations

from .identity import Caller, Identity, connect

__all__ = ["Caller", "Identity", "connect"]
