from __future__ import annotations

from magnumctl.sandbox.fabric import BootedServer
from magnumctl.sandbox.nodes.clock import Clock
from magnumctl.sandbox.nodes.cloud_config import CloudConfig
from magnumctl.sandbox.nodes.console import Console
from magnumctl.sandbox.nodes.kubernetes.bays import Bays
from magnumctl.sandbox.nodes.role import Plain


class KubernetesNode(Plain):
    def __init__(self, server: BootedServer, config: CloudConfig, bays: Bays, clock: Clock, console: Console) -> None:
        """Not yet."""

    @classmethod
    def recognises(cls, config: CloudConfig) -> bool:
        return False
