"""The Terraform states of the bays, and who holds a bay."""

from __future__ import annotations

from magnumctl.errors import BayBusyError, BayNotFoundError
from magnumctl.ledger import BayRecord, Ledger, OpenChange
from magnumctl.terraform import Terraform

from .clients import Clients
from .history import change_row
from .plan import workspace_of
from .state_reports import BayStateRow, StateListReport, UnlockReport

HELD: dict[str, str] = {
    "gone": "that process is gone",
    "elsewhere": "that process is on another machine, where nobody here can tell whether it lives",
}


def state_list(clients: Clients, terraform: Terraform) -> StateListReport:
    """The bays of this project that have anything in their state, or could have."""
    return StateListReport(
        cloud=clients.identity.cloud,
        bays=tuple(
            BayStateRow(
                name=record.name,
                uuid=record.uuid,
                workspace=workspace_of(record),
                resources=terraform.resources(workspace_of(record)),
            )
            for record in clients.bays()
        ),
    )


def state_pull(clients: Clients, terraform: Terraform, name: str) -> str:
    text = terraform.state_text(workspace_of(clients.bay(name)))
    if not text:
        raise BayNotFoundError(f"bay {name} has no state yet", hint="magnumctl apply")
    return text


def holder_of(ledger: Ledger, record: BayRecord) -> OpenChange | None:
    """BayBusyError when the process that holds the bay lives here: unlocking would let two change one bay."""
    held = ledger.open_change(record)
    if held and held.holder == "here":
        raise BayBusyError(
            f"bay {record.name} is being changed by {held.change.who}, which lives",
            detail=f"change {held.change.id} ({held.change.kind}) was begun at {held.change.begun_at}",
            hint="wait for it, or stop it with Ctrl-C: it writes down what it has done",
        )
    return held


def said_of(held: OpenChange) -> str:
    change = held.change
    return f"change {change.id} ({change.kind}), begun at {change.begun_at} by {change.who}: {HELD[held.holder]}"


def unlock(clients: Clients, record: BayRecord) -> UnlockReport:
    holder_of(clients.ledger, record)
    change = clients.ledger.unlock(record)
    return UnlockReport(
        cloud=clients.identity.cloud,
        bay=record.name,
        change=change_row(clients.ledger, change) if change else None,
        message="unlocked" if change else "nothing holds it",
    )
