"""The names that a workspace's ledger knows, for completing words. Apart from `ledger`, whose imports cost 0.2 s."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

Kind = Literal["bay", "node", "pod", "service", "container"]
BUSY_SECONDS = 0.05
QUERIES: dict[Kind, str] = {
    "bay": "select name from bays where (:bay is null or name = :bay)",
    "node": "select nodes.name from nodes join bays on bays.uuid = bay_uuid where (:bay is null or bays.name = :bay)",
}
WORKLOADS = (
    "select workloads.name from workloads join bays on bays.uuid = bay_uuid"
    " where kind = :kind and (:bay is null or bays.name = :bay)"
)


def known_names(workspace: Path, kind: Kind, bay: str | None = None) -> list[str]:
    """Sorted; none where there is no ledger, or one that cannot be read: completing must never fail."""
    ledger = (workspace / ".magnumctl" / "ledger.db").absolute()
    try:
        with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", timeout=BUSY_SECONDS, uri=True)) as database:
            rows = database.execute(QUERIES.get(kind, WORKLOADS), {"kind": kind, "bay": bay}).fetchall()
    except (sqlite3.Error, ValueError):
        return []
    return sorted({str(name) for (name,) in rows})
