"""What the commands about one node say, as values; see `reports`."""

from __future__ import annotations

from collections.abc import Mapping

from .reports import Report, Row


class ServerRow(Row):
    """Nova's view. `host_id` tells hosts of this project apart, and nothing else about them."""

    id: str
    name: str
    status: str
    flavor: str
    image: str
    host_id: str
    zone: str
    addresses: tuple[str, ...] = ()
    created_at: str = ""
    fault: str = ""
    labels: Mapping[str, str] = {}


class EngineRow(Row):
    """The coe's view. `runs` counts all its pods or containers."""

    status: str
    message: str = ""
    version: str = ""
    runs: int = 0
    labels: Mapping[str, str] = {}


class NodeDetailRow(Row):
    """`server` is None when Nova has none of that id any more; `placement` says with whom it shares its host."""

    name: str
    bay: str
    group: str
    role: str
    address: str
    server: ServerRow | None = None
    engine: EngineRow
    shares_host_with: tuple[str, ...] = ()
    placement: str = ""


class NodeReport(Report):
    node: NodeDetailRow


class ConsoleReport(Report):
    """`stages` are those that the node's user-data wrote, `lines` the end of the log."""

    bay: str
    node: str
    stages: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
