"""The Docker engines of one bay, one on each node."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from magnumctl.coe.contract import (
    ClientTls,
    LeavingNode,
    NodeAddress,
    NodeStatus,
    Pause,
    Pushed,
    Report,
    WorkloadChange,
    WorkloadDrift,
    WorkloadStatus,
)
from magnumctl.coe.node_detail import NodeDetail
from magnumctl.coe.parallel import in_parallel
from magnumctl.coe.patience import Patience
from magnumctl.coe.tls_files import TlsFiles
from magnumctl.errors import NotReadyError
from magnumctl.manifests import ContainerWish

from .containers import Containers
from .drift import drift
from .node_detail import node_detail
from .planning import workload_changes
from .pushing import push
from .retirement import tell_of_moves
from .statuses import seen_where_possible
from .steps import Step, steps
from .waiting import node_status, wait_for_nodes, wait_for_workloads

if TYPE_CHECKING:
    from .engine import Engine

TLS_PORT = 2376


class DockerBay:
    """Implements Coe."""

    def __init__(
        self,
        nodes: Sequence[NodeAddress],
        tls: ClientTls,
        bay_name: str,
        bay_uuid: str,
        *,
        port: int = TLS_PORT,
        held: Mapping[str, str] | None = None,
    ) -> None:
        """`held` tells by name which containers a person has "stopped" or "paused": they stay so."""
        self._nodes = tuple(nodes)
        self._tls = tls
        self._name = bay_name
        self._uuid = bay_uuid
        self._port = port
        self._held = held or {}

    @cached_property
    def _engines(self) -> dict[str, Engine]:
        from .engine import Engine  # noqa: PLC0415 the `docker` package takes a tenth of a second to import

        files = TlsFiles(self._tls)
        return {node.name: Engine(self._name, node, self._port, files, self._held) for node in self._nodes}

    def wait_for_nodes(self, names: Sequence[str], timeout: float, report: Report, pause: Pause = time.sleep) -> None:
        unknown = [name for name in names if name not in self._engines]
        if unknown:
            raise NotReadyError(f"bay {self._name} has no node {', '.join(unknown)}", hint="magnumctl plan")
        wait_for_nodes(self._name, [self._engines[name] for name in names], timeout, report, pause)

    def nodes(self) -> tuple[NodeStatus, ...]:
        return tuple(in_parallel(node_status, self._engines.values()))

    def node(self, name: str) -> NodeDetail:
        return node_detail(self._engines[name])

    def admit_nodes(self, report: Report) -> None:
        """A node of a Docker bay is one of it by itself."""

    def revoke_admission(self) -> bool:
        return False

    def retire_nodes(
        self,
        leaving: Sequence[LeavingNode],
        timeout: float,  # noqa: ARG002 it takes no time
        report: Report,
        pause: Pause = time.sleep,  # noqa: ARG002
    ) -> None:
        engines = (self._engines[node.name] for node in leaving if node.name in self._engines)
        tell_of_moves(engines, self._uuid, report)

    def plan(self, wishes: Sequence[ContainerWish]) -> tuple[WorkloadChange, ...]:
        return workload_changes(self._steps(wishes))

    def drift(self, wishes: Sequence[ContainerWish]) -> tuple[WorkloadDrift, ...]:
        return drift(self._engines, self._steps(wishes))

    def push(self, wishes: Sequence[ContainerWish], report: Report) -> tuple[Pushed, ...]:
        return push(self._engines, self._steps(wishes), report)

    def wait_for_workloads(
        self, wishes: Sequence[ContainerWish], timeout: float, report: Report, pause: Pause = time.sleep
    ) -> None:
        patience = Patience(self._name, timeout, report)
        wait_for_workloads(list(self._engines.values()), self._uuid, wishes, patience, pause)

    def workloads(self) -> tuple[WorkloadStatus, ...]:
        """Of the nodes that answer, unless none does."""
        return tuple(status for status, _ in seen_where_possible(list(self._engines.values()), self._uuid))

    @property
    def containers(self) -> Containers:
        return Containers(self._name, list(self._engines.values()), self._uuid)

    def _steps(self, wishes: Sequence[ContainerWish]) -> tuple[Step, ...]:
        found = in_parallel(lambda engine: engine.ours(self._uuid), self._engines.values())
        lives = [live for on_node in found for live in on_node]
        return steps(self._name, wishes, lives, tuple(self._engines))
