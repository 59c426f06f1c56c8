"""Kubernetes bays: the one place that knows the `kubernetes` package."""

from __future__ import annotations

from .bay import KubernetesBay, Membership

__all__ = ["KubernetesBay", "Membership"]
