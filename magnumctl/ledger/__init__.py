"""The ledger, on sqlite-utils: what this workspace knows of its bays, and what was done to them."""

from __future__ import annotations

from .changes import Change
from .keys import key_sources
from .ledger import Ledger
from .records import BayRecord, ChangeRecord, HeldHow, JournalEvent, NodeRecord, OpenChange, PushedRecord, StageRecord

__all__ = [
    "BayRecord",
    "Change",
    "ChangeRecord",
    "HeldHow",
    "JournalEvent",
    "Ledger",
    "NodeRecord",
    "OpenChange",
    "PushedRecord",
    "StageRecord",
    "key_sources",
]
