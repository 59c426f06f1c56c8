"""Plan: what apply would do, as data. Nothing in the cloud or in a bay changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from magnumctl.blueprint.model import Bay, Blueprint
from magnumctl.coe.contract import WorkloadChange
from magnumctl.compiler import BayIdentity, CompiledBay, compile_bay
from magnumctl.errors import (
    BayNotFoundError,
    CoeUnreachableError,
    TerraformError,
    TerraformInterruptedError,
    UsageError,
)
from magnumctl.ledger import BayRecord
from magnumctl.pki import BaySecrets, new_secrets, with_nodes
from magnumctl.terraform import BayOutputs, Plan, TerraformEvent

from .clients import Clients, Run
from .events import BayEvent, Tell
from .wishes import Wished, Wishes, open_engine, wishes_of

AS_LEDGER = "as of the last push"
MOST_CHANGES = 10_000
SECRETS = "secrets"
"""The name under which a bay's secrets lie sealed in the ledger."""


@dataclass(frozen=True)
class BayPlan:
    """One bay's changes: Terraform's saved plan and what the push would do.

    `control_planes` are those that stand; none of a bay that was never ready.
    """

    bay: Bay
    record: BayRecord
    secrets: BaySecrets
    compiled: CompiledBay
    infrastructure: Plan
    wishes: Wishes
    workloads: tuple[WorkloadChange, ...]
    is_new: bool
    control_planes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def has_changes(self) -> bool:
        return self.changes_infrastructure or any(change.action != "none" for change in self.workloads)

    @property
    def changes_infrastructure(self) -> bool:
        return any(change.action != "none" for change in self.infrastructure.changes)


def workspace_of(record: BayRecord) -> str:
    """The bay's Terraform workspace: a name people recognise, unique over all projects."""
    return f"{record.name}-{record.uuid[:8]}"


def chosen(blueprint: Blueprint, names: Sequence[str]) -> tuple[Bay, ...]:
    """The blueprint's bays, narrowed by `--bay`."""
    known = {bay.name for bay in blueprint.bays}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(
            f"the blueprint has no bay {unknown[0]}", detail=f"it has {', '.join(sorted(known)) or 'none'}"
        )
    return tuple(bay for bay in blueprint.bays if not names or bay.name in names)


def record_of(clients: Clients, bay: Bay) -> BayRecord:
    """The bay's record, made now when the ledger has none: its uuid and secrets stay the same from plan to apply."""
    try:
        return clients.bay(bay.name)
    except BayNotFoundError:
        record = _new_record(clients, bay)
        clients.ledger.record_bay(record)
        return record


def _new_record(clients: Clients, bay: Bay) -> BayRecord:
    identity = clients.identity
    return BayRecord(
        uuid=str(uuid.uuid4()),
        name=bay.name,
        cloud=identity.cloud,
        project_id=identity.caller.project_id,
        project_name=identity.caller.project_name,
        coe=bay.coe,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        caller_cidr=host_cidr(identity.local_address()),
    )


def host_cidr(address: str) -> str:
    return f"{address}/128" if ":" in address else f"{address}/32"


def secrets_of(clients: Clients, record: BayRecord) -> BaySecrets | None:
    sealed = clients.ledger.unseal(record.uuid, SECRETS)
    return BaySecrets.model_validate_json(sealed) if sealed else None


def _secrets_for(clients: Clients, bay: Bay, record: BayRecord) -> BaySecrets:
    names = [name for _, name in bay.nodes]
    kept = secrets_of(clients, record)
    secrets = with_nodes(kept, names) if kept else new_secrets(bay.coe, names)
    if secrets != kept:
        clients.ledger.seal(record.uuid, SECRETS, secrets.model_dump_json())
    return secrets


def compile_recorded(clients: Clients, blueprint: Blueprint, bay: Bay) -> tuple[BayRecord, BaySecrets, CompiledBay]:
    record = replace(record_of(clients, bay), protect=bay.protect)
    secrets = _secrets_for(clients, bay, record)
    compiled = compile_bay(
        bay,
        identity_of(clients, record, secrets),
        secrets,
        blueprint.services_of(bay.name),
        blueprint.containers_of(bay.name),
    )
    return record, secrets, compiled


def identity_of(clients: Clients, record: BayRecord, secrets: BaySecrets) -> BayIdentity:
    return BayIdentity(
        uuid=record.uuid,
        project_id=record.project_id,
        caller_cidr=record.caller_cidr,
        control_planes=standing_control_planes(clients, record),
        record=clients.ledger.travelling_text(record, without_token(secrets).model_dump_json()),
    )


def without_token(secrets: BaySecrets) -> BaySecrets:
    """A bootstrap token is worth nothing once its nodes have joined, and changes each time."""
    if secrets.kubernetes is None:
        return secrets
    return secrets.model_copy(update={"kubernetes": secrets.kubernetes.model_copy(update={"bootstrap_token": ""})})


def standing_control_planes(clients: Clients, record: BayRecord) -> tuple[str, ...]:
    """None until the bay was ready once: what is there of it before that has no etcd that could be joined or lost."""
    done = clients.ledger.changes(bay_uuid=record.uuid, limit=MOST_CHANGES)
    if not any(change.kind == "apply" and change.status == "succeeded" for change in done):
        return ()
    return tuple(node.name for node in clients.ledger.nodes(record.uuid) if node.role == "control_plane")


def plan_bay(run: Run, blueprint: Blueprint, bay: Bay) -> BayPlan:
    clients, terraform, tell = run.clients, run.terraform, run.tell
    record, secrets, compiled = compile_recorded(clients, blueprint, bay)
    tell(BayEvent(bay.name, "plan", "planning"))
    with told_who_is_at_it(clients, record):
        infrastructure = terraform.plan(workspace_of(record), compiled.variables.tfvars(), _warnings_of(bay.name, tell))
    wishes = wishes_of(blueprint, bay, record, clients.ledger.held(record.uuid))
    outputs = terraform.outputs(workspace_of(record))
    if outputs is None or not outputs.nodes:  # after an apply that was stopped early there are outputs without nodes
        new = tuple(WorkloadChange(row.kind, row.name, "create") for row in wishes.rows)
        return BayPlan(bay, record, secrets, compiled, infrastructure, wishes, new, is_new=outputs is None)
    workloads, warnings = _plan_workloads(clients, outputs, record, secrets, wishes)
    return BayPlan(
        bay,
        record,
        secrets,
        compiled,
        infrastructure,
        wishes,
        workloads,
        is_new=False,
        control_planes=standing_control_planes(clients, record),
        warnings=warnings,
    )


@contextmanager
def told_who_is_at_it(clients: Clients, record: BayRecord) -> Iterator[None]:
    """A plan that fails while somebody changes the bay (its state is half written) fails because of that."""
    try:
        yield
    except TerraformInterruptedError:
        raise
    except TerraformError:
        clients.ledger.require_free(record)
        raise


def _warnings_of(bay: str, tell: Tell) -> Callable[[TerraformEvent], None]:
    """Of a plan only Terraform's warnings are told: what it reads, it reads every time."""
    return lambda event: tell(BayEvent(bay, "plan", event.message if event.kind == "message" else ""))


def _plan_workloads(
    clients: Clients, outputs: BayOutputs, record: BayRecord, secrets: BaySecrets, wishes: Wishes
) -> tuple[tuple[WorkloadChange, ...], tuple[str, ...]]:
    """Against what runs in the bay; one that stands but does not answer is planned from the ledger, with a warning."""
    if not wishes.rows and not clients.ledger.workloads(record.uuid):
        return (), ()
    try:
        return open_engine(record, secrets, outputs, clients.identity.caller.user_name, wishes).plan(), ()
    except CoeUnreachableError as error:
        return _plan_from_ledger(clients, record, wishes), (f"bay {record.name}: {error.summary}",)


def _plan_from_ledger(clients: Clients, record: BayRecord, wishes: Wishes) -> tuple[WorkloadChange, ...]:
    pushed = clients.ledger.workloads(record.uuid)
    wished = {(row.kind, row.name) for row in wishes.rows}
    digests = {(row.kind, row.name): row.digest for row in pushed}
    changes = [_change(row, digests.get((row.kind, row.name))) for row in wishes.rows]
    gone = [row for row in pushed if (row.kind, row.name) not in wished]
    return (*changes, *(WorkloadChange(row.kind, row.name, "delete", AS_LEDGER) for row in gone))


def _change(row: Wished, pushed_digest: str | None) -> WorkloadChange:
    if pushed_digest is None:
        return WorkloadChange(row.kind, row.name, "create", AS_LEDGER)
    return WorkloadChange(row.kind, row.name, "none" if pushed_digest == row.digest else "update", AS_LEDGER)
