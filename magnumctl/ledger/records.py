"""What the ledger holds, as values. Every time is UTC, ISO 8601, to the second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

ChangeKind = Literal["apply", "destroy", "push"]
WorkloadKind = Literal["pod", "service", "container"]
HeldHow = Literal["stopped", "paused"]
Whereabouts = Literal["here", "gone", "elsewhere"]
ChangeStatus = Literal["begun", "succeeded", "failed", "interrupted"]


@dataclass(frozen=True)
class BayRecord:
    """`caller_cidr` is what may reach the API when the blueprint names nobody; it stays what it was at birth.

    A bay with `protect` loses no node.
    """

    uuid: str
    name: str
    cloud: str
    project_id: str
    project_name: str
    coe: str
    created_at: str
    caller_cidr: str
    api_address: str = ""
    blueprint_digest: str = ""
    protect: bool = False


@dataclass(frozen=True)
class NodeRecord:
    name: str
    server_id: str
    address: str
    group: str
    role: str


@dataclass(frozen=True)
class PushedRecord:
    """`reference` is what the engine calls it. An empty `pushed_at` is filled in with the time it is recorded."""

    kind: WorkloadKind
    name: str
    digest: str
    reference: str
    pushed_at: str = ""


@dataclass(frozen=True)
class ChangeRecord:
    """`bay` is the bay's name, `who` is `user@host pid N`."""

    id: int
    bay: str
    kind: ChangeKind
    status: ChangeStatus
    begun_at: str
    ended_at: str | None
    who: str
    error: str | None
    bay_uuid: str
    blueprint_digest: str


@dataclass(frozen=True)
class OpenChange:
    """`holder` is where the process that makes it is: on this machine, gone, or where nobody can tell."""

    change: ChangeRecord
    holder: Whereabouts


@dataclass(frozen=True)
class StageRecord:
    name: str
    seconds: float


@dataclass(frozen=True)
class JournalEvent:
    """What Terraform said about one resource; `id` is the cloud's. An empty `at` is filled in when it is written."""

    kind: str
    address: str
    action: str
    id: str | None = None
    at: str = ""


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
