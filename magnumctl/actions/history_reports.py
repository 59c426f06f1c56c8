"""What `history show` says, as values; see `reports`."""

from __future__ import annotations

from .reports import ChangeRow, Report, ResourceRow, Row


class JournalRow(Row):
    at: str
    kind: str
    address: str
    action: str
    id: str | None = None


class FileRow(Row):
    path: str
    text: str


class ChangeReport(Report):
    """`plan` is what Terraform set out to do; `blueprint` the files as they were, none once the bay is gone."""

    change: ChangeRow
    plan: tuple[ResourceRow, ...] = ()
    journal: tuple[JournalRow, ...] = ()
    blueprint: tuple[FileRow, ...] = ()
