"""Workloads of a blueprint as what a bay's engine is asked for: pure values, no engine touched."""

from __future__ import annotations

from .containers import ContainerWish, container_wishes
from .objects import KubernetesObject, kubernetes_objects

__all__ = ["ContainerWish", "KubernetesObject", "container_wishes", "kubernetes_objects"]
