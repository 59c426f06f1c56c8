"""The blueprint of a change, as it was: resolved, so that neither variables nor files are needed to plan with it."""

from __future__ import annotations

from pydantic import ValidationError

from magnumctl.blueprint.model import Blueprint
from magnumctl.errors import LedgerError
from magnumctl.ledger import BayRecord, ChangeRecord, Ledger

RECENT = 1000


def kept_text(blueprint: Blueprint) -> str:
    """What the ledger seals."""
    return blueprint.model_dump_json()


def blueprint_of(ledger: Ledger, change: ChangeRecord) -> Blueprint:
    """LedgerError when the change had none, or when its bay, and with it the blueprint, is gone."""
    text = ledger.blueprint(change)
    if not text:
        raise LedgerError(
            f"the ledger holds no blueprint of change {change.id} of bay {change.bay}",
            detail="a destroy has none, and a bay that is gone takes its blueprints with it",
            hint=f"magnumctl history --bay {change.bay}",
        )
    try:
        return Blueprint.model_validate_json(text)
    except ValidationError as exc:
        raise LedgerError(
            f"the blueprint of change {change.id} was kept by another version of magnumctl",
            detail=f"{exc.error_count()} of its values are unknown here",
            hint="take the blueprint from its git history",
        ) from exc


def last_applied(ledger: Ledger, record: BayRecord) -> Blueprint | None:
    """Of the last apply that succeeded, else of the last one; None when the ledger has none (it was rebuilt)."""
    applies = [
        change
        for change in ledger.changes(bay_uuid=record.uuid, limit=RECENT)
        if change.kind == "apply" and change.blueprint_digest
    ]
    succeeded = [change for change in applies if change.status == "succeeded"]
    return blueprint_of(ledger, (succeeded or applies)[0]) if applies else None
