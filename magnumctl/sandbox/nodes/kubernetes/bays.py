from __future__ import annotations


class Bays:
    """Every Kubernetes cluster of the fabric, for nodes that want to join one."""
