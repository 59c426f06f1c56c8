"""One Kubernetes cluster: its API's parts, its controllers, and the nodes that are members."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from magnumctl.sandbox.nodes.clock import Clock
from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.access import Access
from magnumctl.sandbox.nodes.kubernetes.allocation import PodAddresses, ServiceAddresses
from magnumctl.sandbox.nodes.kubernetes.events import Events
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.objects import namespace_of
from magnumctl.sandbox.nodes.kubernetes.registry import Registry
from magnumctl.sandbox.nodes.kubernetes.store import Store
from magnumctl.sandbox.nodes.kubernetes.writes import Manner, Target, Writes

logger = logging.getLogger(__name__)
CONTROLLERS = Manner("kube-controller-manager")
SOON_SECONDS = 0.015


@dataclass(frozen=True)
class ClusterConfig:
    """What kubeadm was told. Every control plane serves under `certificate_names`."""

    name: str
    version: str
    pod_network: str
    service_network: str
    endpoint: str
    ca: str
    certificate_names: tuple[str, ...] = ()


@dataclass
class Member:
    """A node of the cluster as its kubelet knows it."""

    name: str
    address: str
    labels: Mapping[str, str]
    taints: list[Json]
    control_plane: bool
    on: bool = True
    networks: list[str] = field(default_factory=list)


class Cluster:
    def __init__(self, config: ClusterConfig, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.store = Store(self._changed)
        self.registry = Registry(self.store)
        self.services = ServiceAddresses(self.store, config.service_network)
        self.pods = PodAddresses(config.pod_network)
        self.writes = Writes(self.store, self.services)
        self.access = Access(self.store)
        self.events = Events(self.store)
        self.members: dict[str, Member] = {}
        self._controllers: list[Callable[[], None]] = []
        self._waiting = False

    @property
    def lock(self) -> threading.RLock:
        return self.store.lock

    def _changed(self) -> None:
        """Called with the store locked: controllers look at it soon, once for many changes."""
        if not self._waiting:
            self._waiting = True
            self.clock.after(SOON_SECONDS, self._reconcile)

    def look_again(self, seconds: float) -> None:
        self.clock.after(seconds, self._reconcile)

    def _reconcile(self) -> None:
        with self.lock:
            self._waiting = False
            for control in self._controllers:
                control()

    def control(self, *controllers: Callable[[], None]) -> None:
        """What looks at the whole store after each change, with it locked, in this order."""
        self._controllers.extend(controllers)

    def create(self, kind: Kind, body: Json) -> Json | None:
        """For controllers: None, and a line in the log, when it is refused."""
        try:
            return self.writes.create(Target(kind, namespace_of(body)), body, CONTROLLERS)
        except ApiError as exc:
            logger.debug("refused: %s", exc.message)
            return None
