"""What the `state` commands say, as values; see `reports`."""

from __future__ import annotations

from typing import Literal

from .reports import ChangeRow, Report, Row


class BayStateRow(Row):
    """`resources` are Terraform's addresses."""

    name: str
    uuid: str
    workspace: str
    resources: tuple[str, ...] = ()


class StateListReport(Report):
    bays: tuple[BayStateRow, ...] = ()


class RebuiltRow(Row):
    workspace: str
    status: Literal["restored", "known", "failed"]
    name: str = ""
    uuid: str = ""
    message: str = ""


class RebuildReport(Report):
    bays: tuple[RebuiltRow, ...] = ()


class UnlockReport(Report):
    """`change` is the one that held the bay, None when nothing did."""

    bay: str
    change: ChangeRow | None = None
    message: str = ""
