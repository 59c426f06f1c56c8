"""What `drift` says, as values; see `reports`."""

from __future__ import annotations

from typing import Literal

from .reports import Report, Row


class ResourceDriftRow(Row):
    """`node` is the node's name when the resource is a server."""

    address: str
    change: Literal["deleted", "changed", "added"]
    node: str | None = None
    message: str = ""


class WorkloadDriftRow(Row):
    """`manager` is who owns the changed field by now, as Kubernetes calls it."""

    kind: str
    name: str
    change: Literal["deleted", "changed", "stopped", "added"]
    message: str = ""
    manager: str = ""


class BayDriftRow(Row):
    """`error` says why nothing can be said of a bay; `message` what could not be looked at."""

    name: str
    resources: tuple[ResourceDriftRow, ...] = ()
    workloads: tuple[WorkloadDriftRow, ...] = ()
    message: str = ""
    error: str = ""


class DriftReport(Report):
    bays: tuple[BayDriftRow, ...] = ()

    @property
    def has_drift(self) -> bool:
        return any(bay.resources or bay.workloads for bay in self.bays)

    @property
    def has_failed(self) -> bool:
        return any(bay.error for bay in self.bays)
