"""Every Kubernetes cluster of the fabric, for nodes that want to join one."""

from __future__ import annotations

import threading

from magnumctl.sandbox.nodes.certificates import ca_hash
from magnumctl.sandbox.nodes.clock import Clock
from magnumctl.sandbox.nodes.kubernetes.api import ReviewingApi
from magnumctl.sandbox.nodes.kubernetes.bootstrap_tokens import tokens_in_force
from magnumctl.sandbox.nodes.kubernetes.cluster import CONTROLLERS, Cluster, ClusterConfig
from magnumctl.sandbox.nodes.kubernetes.controllers.budgets import control_budgets
from magnumctl.sandbox.nodes.kubernetes.controllers.collector import (
    collect_garbage,
    end_namespaces,
    establish_definitions,
)
from magnumctl.sandbox.nodes.kubernetes.controllers.daemonsets import control_daemon_sets
from magnumctl.sandbox.nodes.kubernetes.controllers.deployments import control_deployments
from magnumctl.sandbox.nodes.kubernetes.controllers.endpoints import control_endpoints
from magnumctl.sandbox.nodes.kubernetes.controllers.jobs import control_jobs
from magnumctl.sandbox.nodes.kubernetes.controllers.replicasets import control_replica_sets
from magnumctl.sandbox.nodes.kubernetes.controllers.statefulsets import control_stateful_sets
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.furnishing import furniture
from magnumctl.sandbox.nodes.kubernetes.kubelet import Kubelets
from magnumctl.sandbox.nodes.kubernetes.objects import namespace_of
from magnumctl.sandbox.nodes.kubernetes.scheduler import Scheduler
from magnumctl.sandbox.nodes.kubernetes.writes import Target


class Bay:
    """A cluster that answers: what its control plane nodes serve together."""

    def __init__(self, config: ClusterConfig, clock: Clock) -> None:
        self.config = config
        self.cluster = Cluster(config, clock)
        self.kubelets = Kubelets(self.cluster)
        self.api = ReviewingApi(self.cluster, self.kubelets)
        self._control()
        for body in furniture(self.cluster):
            self.apply(body)

    def _control(self) -> None:
        cluster = self.cluster
        controllers = (
            end_namespaces, establish_definitions, control_deployments, control_replica_sets, control_stateful_sets,
            control_daemon_sets, control_jobs,
        )  # fmt: skip
        cluster.control(*((lambda control=each: control(cluster)) for each in controllers))
        cluster.control(Scheduler(cluster).schedule, self.kubelets.look)
        cluster.control(lambda: control_endpoints(cluster), lambda: control_budgets(cluster))
        cluster.control(lambda: collect_garbage(cluster))

    def apply(self, body: dict[str, object]) -> None:
        """As `kubectl apply` on the first node; raises ApiError. What is there already stays."""
        kind = self.cluster.registry.named(str(body.get("apiVersion")), str(body.get("kind")))
        if kind is None:
            wanted = f'no matches for kind "{body.get("kind")}" in version "{body.get("apiVersion")}"'
            raise ApiError(404, "NotFound", f"resource mapping not found: {wanted}")
        namespace = (namespace_of(body) or "default") if kind.namespaced else ""
        try:
            self.cluster.writes.create(Target(kind, namespace), body, CONTROLLERS)
        except ApiError as exc:
            if exc.reason != "AlreadyExists":
                raise


class Bays:
    def __init__(self) -> None:
        self._bays: list[Bay] = []
        self._lock = threading.Lock()

    def add(self, bay: Bay) -> None:
        with self._lock:
            self._bays.append(bay)

    def remove(self, bay: Bay) -> None:
        with self._lock:
            if bay in self._bays:
                self._bays.remove(bay)

    def find(self, endpoint: str, token: str, hashes: frozenset[str]) -> tuple[Bay | None, str]:
        """The bay behind that endpoint, or why a node cannot join it yet, in kubeadm's words."""
        with self._lock:
            there = [bay for bay in self._bays if bay.config.endpoint == endpoint]
        trusted = [bay for bay in there if ca_hash(bay.config.ca) in hashes]
        known = [bay for bay in trusted if token in tokens_in_force(bay.cluster.store)]
        if known:
            return known[-1], ""
        if trusted:
            public = token.partition(".")[0]
            said = f'could not find a JWS signature in the cluster-info ConfigMap for token ID "{public}"'
            return None, said
        if there:
            return (
                None,
                "none of the public keys are pinned: the cluster CA found does not match the pinned certificates",
            )
        return (
            None,
            f'failed to request the cluster-info ConfigMap: Get "https://{endpoint}": dial tcp: connection refused',
        )
