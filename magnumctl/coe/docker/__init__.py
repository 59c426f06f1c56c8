"""Docker bays: the one place that knows the `docker` package."""

from __future__ import annotations

from .bay import DockerBay

__all__ = ["DockerBay"]
