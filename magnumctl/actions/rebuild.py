"""A ledger made anew from the Terraform states: each holds its bay's record, the secrets sealed."""

from __future__ import annotations

from contextlib import suppress

from magnumctl.errors import CoeError, MagnumctlError
from magnumctl.ledger import BayRecord, JournalEvent, Ledger, PushedRecord
from magnumctl.pki import BaySecrets, with_new_bootstrap_token
from magnumctl.terraform import BayOutputs, Terraform

from .apply import remember
from .plan import SECRETS
from .state_reports import RebuildReport, RebuiltRow
from .wishes import Wishes, open_engine

REBUILT = "rebuilt from the Terraform state"
USER = "state-rebuild"


def rebuild(ledger: Ledger, terraform: Terraform) -> RebuildReport:
    """Bays that the ledger knows are left as they are."""
    known = {bay.uuid for bay in ledger.bays()}
    rows = (row_of(ledger, terraform, workspace, known) for workspace in terraform.workspaces())
    return RebuildReport(bays=tuple(row for row in rows if row))


def row_of(ledger: Ledger, terraform: Terraform, workspace: str, known: set[str]) -> RebuiltRow | None:
    """None for a workspace that holds nothing."""
    outputs = terraform.outputs(workspace)
    if outputs is None:
        return None
    if not outputs.record:
        message = "the state holds no record: it was applied by an older magnumctl, or by plain Terraform"
        return RebuiltRow(workspace=workspace, status="failed", message=message)
    try:
        return restored(ledger, workspace, outputs, known)
    except MagnumctlError as error:
        said = f"{error.summary}: {error.detail}" if error.detail else error.summary
        return RebuiltRow(workspace=workspace, status="failed", message=said)


def restored(ledger: Ledger, workspace: str, outputs: BayOutputs, known: set[str]) -> RebuiltRow:
    record, text = ledger.travelled(outputs.record)
    if record.uuid in known:
        return RebuiltRow(workspace=workspace, status="known", name=record.name, uuid=record.uuid)
    secrets = with_token(BaySecrets.model_validate_json(text))
    ledger.record_bay(record)
    ledger.seal(record.uuid, SECRETS, secrets.model_dump_json())
    remember(ledger, record, outputs)
    if outputs.nodes:
        note(ledger, record)
        record_workloads(ledger, record, secrets, outputs)
    return RebuiltRow(workspace=workspace, status="restored", name=record.name, uuid=record.uuid)


def with_token(secrets: BaySecrets) -> BaySecrets:
    return with_new_bootstrap_token(secrets) if secrets.kubernetes else secrets


def note(ledger: Ledger, record: BayRecord) -> None:
    """The history begins with how the bay came into it; a bay that was never applied would not count as standing."""
    with ledger.change(record, "apply", "") as change:
        change.journal(JournalEvent(kind="message", address="", action=REBUILT))


def record_workloads(ledger: Ledger, record: BayRecord, secrets: BaySecrets, outputs: BayOutputs) -> None:
    """What runs in the bay, if it answers; what was pushed exactly, the next apply says."""
    with suppress(CoeError):
        found = open_engine(record, secrets, outputs, USER, Wishes()).workloads()
        ledger.record_workloads(record.uuid, tuple(PushedRecord(row.kind, row.name, "", "") for row in found))
