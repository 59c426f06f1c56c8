"""Drift: what is no longer as the last apply left it, in the cloud and inside the bays. Changes nothing anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from magnumctl.blueprint.model import Bay, Blueprint
from magnumctl.coe.contract import WorkloadDrift
from magnumctl.compiler import compile_bay
from magnumctl.errors import BayNotFoundError, CoeError, CoeUnreachableError, LedgerError, MagnumctlError
from magnumctl.ledger import BayRecord
from magnumctl.pki import BaySecrets
from magnumctl.terraform import BayOutputs, Plan, ResourceChange

from .clients import Clients, Run, cloud_of
from .drift_reports import BayDriftRow, DriftReport, ResourceDriftRow, WorkloadDriftRow
from .events import BayEvent
from .past import last_applied
from .plan import identity_of, secrets_of, workspace_of
from .side_by_side import side_by_side
from .status import standing
from .wishes import Wishes, open_engine, wishes_of

RULE = "openstack_networking_secgroup_rule_v2"
FOREIGN_RULE = "module.security_group: a rule that is not ours"
INTERNAL = "terraform_data"


def drift(run: Run, given: Blueprint | None, names: Sequence[str]) -> DriftReport:
    """`given` narrows to its bays, and stands in for a bay whose last blueprint the ledger does not have."""
    clients = run.clients
    outcomes = side_by_side(
        chosen_bays(clients, given, names),
        clients.settings.jobs,
        lambda record: bay_drift(run, record, given),
        run.terraform.cancellation,
    )
    return DriftReport(
        cloud=clients.identity.cloud,
        bays=tuple(outcome.result or failed(outcome.item, outcome.error) for outcome in outcomes),
    )


def chosen_bays(clients: Clients, given: Blueprint | None, names: Sequence[str]) -> tuple[BayRecord, ...]:
    """The bays that stand, of those named or of those in the blueprint."""
    if names:
        return tuple(clients.bay(name) for name in names)
    wanted = None if given is None else {bay.name for bay in given.bays}
    return tuple(record for record in standing(clients) if wanted is None or record.name in wanted)


def failed(record: BayRecord, error: MagnumctlError | None) -> BayDriftRow:
    said = "\n".join(part for part in (error.summary, error.detail) if part) if error else ""
    return BayDriftRow(name=record.name, error=said)


def bay_drift(run: Run, record: BayRecord, given: Blueprint | None) -> BayDriftRow:
    blueprint, bay = blueprint_and_bay(run.clients, record, given)
    outputs = run.terraform.outputs(workspace_of(record))
    if outputs is None:
        raise BayNotFoundError(f"of bay {record.name} nothing stands", hint="magnumctl plan")
    run.tell(BayEvent(record.name, "plan", "looking"))
    variables = compiled(run.clients, record, blueprint, bay)
    resources = (*infrastructure(run, record, variables), *opened(run, record, outputs))
    wishes = wishes_of(blueprint, bay, record, run.clients.ledger.held(record.uuid))
    try:
        workloads = inside(run.clients, record, outputs, wishes)
    except CoeUnreachableError as error:
        return unanswered(record, resources, error)
    return BayDriftRow(name=record.name, resources=resources, workloads=workloads)


def inside(clients: Clients, record: BayRecord, outputs: BayOutputs, wishes: Wishes) -> tuple[WorkloadDriftRow, ...]:
    user = clients.identity.caller.user_name
    engine = open_engine(record, kept_secrets(clients, record), outputs, user, wishes)
    return tuple(map(workload_row, engine.drift()))


def blueprint_and_bay(clients: Clients, record: BayRecord, given: Blueprint | None) -> tuple[Blueprint, Bay]:
    blueprint = last_applied(clients.ledger, record) or given
    bay = next((bay for bay in blueprint.bays if bay.name == record.name), None) if blueprint else None
    if blueprint is None or bay is None:
        raise LedgerError(
            f"the ledger has no blueprint of bay {record.name} to compare with", hint="magnumctl drift BLUEPRINT"
        )
    return blueprint, bay


def compiled(clients: Clients, record: BayRecord, blueprint: Blueprint, bay: Bay) -> str:
    secrets = kept_secrets(clients, record)
    services, containers = blueprint.services_of(bay.name), blueprint.containers_of(bay.name)
    return compile_bay(bay, identity_of(clients, record, secrets), secrets, services, containers).variables.tfvars()


def kept_secrets(clients: Clients, record: BayRecord) -> BaySecrets:
    secrets = secrets_of(clients, record)
    if secrets is None:
        raise BayNotFoundError(f"the ledger holds no secrets of bay {record.name}", hint="magnumctl state rebuild")
    return secrets


def infrastructure(run: Run, record: BayRecord, variables: str) -> tuple[ResourceDriftRow, ...]:
    with run.terraform.plan(workspace_of(record), variables) as plan:
        seen = [change for change in plan.drift if change.kind != INTERNAL]
        details = changed_attributes(run, plan, seen)
    return tuple(resource_row(change, details.get(change.address, ())) for change in seen)


def changed_attributes(run: Run, plan: Plan, seen: Sequence[ResourceChange]) -> dict[str, tuple[str, ...]]:
    """Asked only when something was changed: it costs another start of the provider."""
    return run.terraform.differences(plan) if any(change.action != "delete" for change in seen) else {}


def resource_row(change: ResourceChange, attributes: Sequence[str]) -> ResourceDriftRow:
    if change.action == "delete":
        return ResourceDriftRow(address=change.address, change="deleted", node=change.node)
    return ResourceDriftRow(address=change.address, change="changed", node=change.node, message="; ".join(attributes))


def opened(run: Run, record: BayRecord, outputs: BayOutputs) -> Iterator[ResourceDriftRow]:
    """Rules in the bay's own security group that Terraform did not make; it does not look for such."""
    if not outputs.security_group_id:
        return
    ours = set(run.terraform.ids(workspace_of(record), RULE).values())
    for rule in cloud_of(run.clients.identity).security_group_rules(outputs.security_group_id):
        if rule.id not in ours and not rule.lets_all_out:
            yield ResourceDriftRow(address=FOREIGN_RULE, change="added", message=f"{rule} ({rule.id})")


def unanswered(record: BayRecord, resources: tuple[ResourceDriftRow, ...], error: CoeError) -> BayDriftRow:
    """What the cloud lacks explains the silence; without that nobody can say whether the bay has drifted."""
    said = error.summary
    return BayDriftRow(name=record.name, resources=resources, message=said, error="" if resources else said)


def workload_row(found: WorkloadDrift) -> WorkloadDriftRow:
    return WorkloadDriftRow(
        kind=found.kind, name=found.name, change=found.change, message=found.message, manager=found.manager
    )
