"""Which bay a pod, service or container of a given name is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from magnumctl.coe.contract import Kind
from magnumctl.coe.docker import DockerBay
from magnumctl.coe.kubernetes import KubernetesBay
from magnumctl.errors import CoeError, CoeUnreachableError, UsageError, WorkloadNotFoundError
from magnumctl.ledger import BayRecord
from magnumctl.terraform import Cancellation

from .clients import Clients
from .plan import secrets_of
from .side_by_side import side_by_side
from .status import recorded_outputs, standing
from .wishes import docker_bay, kubernetes_bay

COE_OF: Mapping[Kind, str] = {"pod": "kubernetes", "service": "kubernetes", "container": "docker"}


@dataclass(frozen=True)
class Named:
    """`is_pushed`: the last apply put it there, and the next one will again."""

    record: BayRecord
    kind: Kind
    name: str
    is_pushed: bool


def named(clients: Clients, kind: Kind, name: str, bay: str | None) -> Named:
    """From the ledger without asking anyone; what it does not know is looked for in the bays themselves.

    UsageError when several bays have one and `bay` chooses none of them, WorkloadNotFoundError when none has.
    """
    records = _bays(clients, kind, bay)
    pushed = {record.uuid: _pushed(clients, record, kind) for record in records}
    there = [record for record in records if name in pushed[record.uuid]]
    if not there:
        there = _in_the_bays(clients, kind, name, records)
    if len(there) > 1:
        raise UsageError(
            f"{len(there)} bays hold a {kind} {name}",
            detail="\n".join(f"{kind} {name} of bay {record.name}" for record in there),
            hint=f"--bay {there[0].name}",
        )
    return Named(there[0], kind, name, is_pushed=name in pushed[there[0].uuid])


def kubernetes_of(clients: Clients, record: BayRecord) -> KubernetesBay:
    """From the ledger alone: no Terraform is started."""
    secrets, outputs = secrets_of(clients, record), recorded_outputs(clients, record)
    if secrets is None:
        _no_secrets(record)
    return kubernetes_bay(record, secrets, outputs, clients.identity.caller.user_name)


def docker_of(clients: Clients, record: BayRecord) -> DockerBay:
    """From the ledger alone: no Terraform is started."""
    secrets, outputs = secrets_of(clients, record), recorded_outputs(clients, record)
    if secrets is None:
        _no_secrets(record)
    held = clients.ledger.held(record.uuid)
    return docker_bay(record, secrets, outputs, clients.identity.caller.user_name, held)


def _no_secrets(record: BayRecord) -> NoReturn:
    raise CoeError(f"the ledger holds no secrets of bay {record.name}", hint="magnumctl state rebuild")


def _bays(clients: Clients, kind: Kind, bay: str | None) -> tuple[BayRecord, ...]:
    if bay is None:
        return tuple(record for record in standing(clients) if record.coe == COE_OF[kind])
    record = clients.bay(bay)
    if record.coe != COE_OF[kind]:
        raise UsageError(f"bay {bay} is a {record.coe} bay and holds no {kind}s", hint="magnumctl bay list")
    return (record,)


def _pushed(clients: Clients, record: BayRecord, kind: Kind) -> frozenset[str]:
    return frozenset(row.name for row in clients.ledger.workloads(record.uuid) if row.kind == kind)


def _in_the_bays(clients: Clients, kind: Kind, name: str, records: Sequence[BayRecord]) -> list[BayRecord]:
    outcomes = side_by_side(
        records, clients.settings.jobs, lambda record: _names(clients, record, kind), Cancellation()
    )
    found = [outcome.item for outcome in outcomes if name in (outcome.result or ())]
    if found:
        return found
    for outcome in outcomes:
        if isinstance(outcome.error, CoeUnreachableError):
            raise outcome.error
    known = sorted({each for outcome in outcomes for each in outcome.result or ()})
    raise _unknown(kind, name, records, known)


def _names(clients: Clients, record: BayRecord, kind: Kind) -> tuple[str, ...]:
    if kind == "container":
        return docker_of(clients, record).containers.names()
    bay = kubernetes_of(clients, record)
    return bay.pods.names() if kind == "pod" else bay.services.names()


def _unknown(kind: Kind, name: str, records: Sequence[BayRecord], known: Sequence[str]) -> WorkloadNotFoundError:
    where = f"bay {records[0].name} holds" if len(records) == 1 else "no bay holds"
    near = get_close_matches(name, known, n=1)
    said = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}" if known else f"there are no {kind}s"
    no = "no" if len(records) == 1 else "a"
    return WorkloadNotFoundError(f"{where} {no} {kind} {name}", detail=said, hint=f"magnumctl {kind} list")
