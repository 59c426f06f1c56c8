"""The engines that the contracts are held against: the real servers, and the sandbox's nodes."""

from __future__ import annotations

from tests.components.fixtures import dockerd, kube_apiserver

__all__ = ["dockerd", "kube_apiserver"]
