"""The Kubernetes of one bay."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from magnumctl.coe.contract import (
    ClientTls,
    LeavingNode,
    NodeStatus,
    Pause,
    Pushed,
    Report,
    WorkloadChange,
    WorkloadDrift,
    WorkloadStatus,
)
from magnumctl.coe.node_detail import NodeDetail
from magnumctl.coe.patience import Patience
from magnumctl.manifests import KubernetesObject

from .bootstrap_token import admit, revoke
from .drain import Drain
from .drift import drift
from .node_detail import node_detail
from .node_wait import wait_for_nodes
from .nodes import node_statuses
from .objects import Objects
from .planning import workload_changes
from .pods import Pods
from .pushing import push
from .retirement import retire
from .services import Services
from .statuses import seen
from .steps import steps
from .transport import Transport
from .workload_wait import wait_for_workloads


@dataclass(frozen=True)
class Membership:
    """What nodes come and go by: the bay's bootstrap token, and a client certificate of etcd's authority."""

    bootstrap_token: str = field(repr=False)
    etcd: ClientTls = field(repr=False)


class KubernetesBay:
    """Implements Coe."""

    def __init__(
        self,
        address: str,
        port: int,
        tls: ClientTls,
        bay_name: str,
        bay_uuid: str,
        *,
        membership: Membership | None = None,
    ) -> None:
        """Without `membership` nodes neither come nor go."""
        self._api = Transport(address, port, tls, bay_name)
        self._objects = Objects(self._api, bay_uuid)
        self._membership = membership or Membership("", ClientTls("", "", ""))

    def wait_for_nodes(self, names: Sequence[str], timeout: float, report: Report, pause: Pause = time.sleep) -> None:
        wait_for_nodes(self._api, names, timeout, report, pause)

    def nodes(self) -> tuple[NodeStatus, ...]:
        return node_statuses(self._api)

    def node(self, name: str) -> NodeDetail | None:
        return node_detail(self._api, name)

    def admit_nodes(self, report: Report) -> None:
        admit(self._api, self._membership.bootstrap_token)
        report("nodes may join")

    def revoke_admission(self) -> bool:
        return revoke(self._api, self._membership.bootstrap_token)

    def retire_nodes(
        self, leaving: Sequence[LeavingNode], timeout: float, report: Report, pause: Pause = time.sleep
    ) -> None:
        retire(Drain(self._api, report, pause, timeout), self._membership.etcd, leaving)

    @property
    def pods(self) -> Pods:
        return Pods(self._objects)

    @property
    def services(self) -> Services:
        return Services(self._objects)

    def plan(self, wishes: Sequence[KubernetesObject]) -> tuple[WorkloadChange, ...]:
        return workload_changes(steps(self._objects, wishes))

    def drift(self, wishes: Sequence[KubernetesObject]) -> tuple[WorkloadDrift, ...]:
        return drift(self._objects, wishes)

    def push(self, wishes: Sequence[KubernetesObject], report: Report) -> tuple[Pushed, ...]:
        return push(self._objects, steps(self._objects, wishes), report)

    def wait_for_workloads(
        self, wishes: Sequence[KubernetesObject], timeout: float, report: Report, pause: Pause = time.sleep
    ) -> None:
        wait_for_workloads(self._objects, wishes, Patience(self._api.bay, timeout, report), pause)

    def workloads(self) -> tuple[WorkloadStatus, ...]:
        return tuple(each.status for each in seen(self._objects, self._objects.inventory()))
