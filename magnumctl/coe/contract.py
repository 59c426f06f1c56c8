"""What the two container orchestration engines have in common, for the actions above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

Action = Literal["create", "update", "replace", "delete", "none"]
Kind = Literal["pod", "service", "container"]
Role = Literal["control_plane", "worker"]
NodeState = Literal["ready", "not_ready", "unreachable"]
WorkloadState = Literal["ready", "waiting", "failed", "stopped", "missing"]


@dataclass(frozen=True)
class ClientTls:
    """PEM texts: the CA(s) to trust and a client certificate with its key."""

    ca: str
    certificate: str
    key: str


@dataclass(frozen=True)
class NodeAddress:
    """`name` is the node's name within the bay (`workers-0`), `address` where the client reaches it."""

    name: str
    address: str


@dataclass(frozen=True)
class NodeStatus:
    """`name` is the node's name within the bay."""

    name: str
    state: NodeState
    message: str = ""


@dataclass(frozen=True)
class LeavingNode:
    """`name` is the node's name within the bay; `is_lost` says that its server is gone already."""

    name: str
    role: Role
    is_lost: bool = False


@dataclass(frozen=True)
class WorkloadChange:
    kind: Kind
    name: str
    action: Action
    reason: str = ""


@dataclass(frozen=True)
class WorkloadDrift:
    """What somebody did to a workload behind the blueprint's back. `manager` is Kubernetes' name of who did."""

    kind: Kind
    name: str
    change: Literal["deleted", "changed", "stopped", "added"]
    message: str = ""
    manager: str = ""


@dataclass(frozen=True)
class WorkloadStatus:
    """`message` says why a workload waits or failed, in the engine's own words, shortened to one line."""

    kind: Kind
    name: str
    state: WorkloadState
    message: str = ""
    node: str = ""
    image: str = ""


@dataclass(frozen=True)
class Pushed:
    """`digest` is of the wish, `reference` the engine's name: `Deployment/default/nginx`, a container id."""

    kind: Kind
    name: str
    digest: str
    reference: str


Wish = TypeVar("Wish", contravariant=True)  # noqa: PLC0105 read in every signature
Report = Callable[[str], None]
"""Told one line for each thing that happens: a node became ready, a workload was created."""
Pause = Callable[[float], None]
"""Waits that many seconds between two looks; raises when the command was interrupted meanwhile."""


class Coe(Protocol[Wish]):
    """One bay's engine. Every method raises CoeUnreachableError when it does not answer."""

    def wait_for_nodes(self, names: Sequence[str], timeout: float, report: Report, pause: Pause = ...) -> None:
        """Return when every named node is ready; NotReadyError with the reasons after `timeout` seconds."""

    def nodes(self) -> tuple[NodeStatus, ...]: ...

    def admit_nodes(self, report: Report) -> None:
        """Let nodes join the bay from now on. Nothing to do where a node needs nobody to be one of the bay's."""

    def revoke_admission(self) -> bool:
        """No further node may join. True when one could until now: what it would have shown must be made anew."""

    def retire_nodes(self, leaving: Sequence[LeavingNode], timeout: float, report: Report, pause: Pause = ...) -> None:
        """Take nodes that are about to be deleted out of the bay, once their work has moved to the others.

        NotReadyError with what is in the way when that takes longer than `timeout` seconds; they stay in the bay then.
        """

    def plan(self, wishes: Sequence[Wish]) -> tuple[WorkloadChange, ...]:
        """What push would do, deletions of what is ours and no longer wished included. Changes nothing."""

    def drift(self, wishes: Sequence[Wish]) -> tuple[WorkloadDrift, ...]:
        """What no longer is as the wishes, pushed before, have it. Changes nothing."""

    def push(self, wishes: Sequence[Wish], report: Report) -> tuple[Pushed, ...]:
        """Create, update, replace and prune until the bay holds the wishes; WorkloadRejectedError for a refused one."""

    def wait_for_workloads(self, wishes: Sequence[Wish], timeout: float, report: Report, pause: Pause = ...) -> None:
        """Return when all are ready; NotReadyError at once when one cannot become so, or after `timeout` seconds."""

    def workloads(self) -> tuple[WorkloadStatus, ...]:
        """Everything in the bay that carries our mark."""
