"""The blueprint's workloads in the form that a bay's engine takes, and the engine itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from magnumctl.blueprint.model import Bay, Blueprint
from magnumctl.coe.contract import (
    ClientTls,
    Coe,
    Kind,
    LeavingNode,
    NodeAddress,
    NodeStatus,
    Pause,
    Pushed,
    Report,
    WorkloadChange,
    WorkloadDrift,
    WorkloadStatus,
)
from magnumctl.coe.docker import DockerBay
from magnumctl.coe.kubernetes import KubernetesBay, Membership
from magnumctl.ledger import BayRecord, HeldHow
from magnumctl.manifests import ContainerWish, KubernetesObject, container_wishes, kubernetes_objects
from magnumctl.pki import BaySecrets, client_certificate, etcd_certificate
from magnumctl.terraform import BayOutputs

API_PORT = 6443
SESSION = timedelta(hours=1)
"""How long the certificate of one command lives."""

Wish = TypeVar("Wish", ContainerWish, KubernetesObject)


@dataclass(frozen=True)
class Wished:
    """One workload of the blueprint; `digest` identifies what it shall be."""

    kind: Kind
    name: str
    digest: str


@dataclass(frozen=True)
class Wishes:
    """What a bay shall hold: containers for a Docker bay, objects for a Kubernetes bay.

    `held` says which containers a person has stopped or paused.
    """

    containers: tuple[ContainerWish, ...] = ()
    objects: tuple[KubernetesObject, ...] = ()
    held: Mapping[str, HeldHow] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[Wished, ...]:
        """A workload of several objects counts once."""
        rows: dict[tuple[Kind, str], Wished] = {}
        for container in self.containers:
            rows["container", container.name] = Wished("container", container.name, container.digest)
        for each in self.objects:
            rows.setdefault((each.kind, each.name), Wished(each.kind, each.name, each.digest))
        return tuple(rows.values())


@dataclass(frozen=True)
class Engine(Generic[Wish]):
    """A bay that stands, and what it shall hold."""

    coe: Coe[Wish]
    wishes: tuple[Wish, ...]

    def wait_for_nodes(self, names: tuple[str, ...], timeout: float, report: Report, pause: Pause) -> None:
        self.coe.wait_for_nodes(names, timeout, report, pause)

    def nodes(self) -> tuple[NodeStatus, ...]:
        return self.coe.nodes()

    def admit_nodes(self, report: Report) -> None:
        self.coe.admit_nodes(report)

    def revoke_admission(self) -> bool:
        return self.coe.revoke_admission()

    def retire_nodes(self, leaving: tuple[LeavingNode, ...], timeout: float, report: Report, pause: Pause) -> None:
        self.coe.retire_nodes(leaving, timeout, report, pause)

    def plan(self) -> tuple[WorkloadChange, ...]:
        return self.coe.plan(self.wishes)

    def drift(self) -> tuple[WorkloadDrift, ...]:
        return self.coe.drift(self.wishes)

    def push(self, report: Report) -> tuple[Pushed, ...]:
        return self.coe.push(self.wishes, report)

    def wait_for_workloads(self, timeout: float, report: Report, pause: Pause) -> None:
        self.coe.wait_for_workloads(self.wishes, timeout, report, pause)

    def workloads(self) -> tuple[WorkloadStatus, ...]:
        return self.coe.workloads()


AnyEngine = Engine[ContainerWish] | Engine[KubernetesObject]


def wishes_of(blueprint: Blueprint, bay: Bay, record: BayRecord, held: Mapping[str, HeldHow]) -> Wishes:
    if bay.coe == "docker":
        return Wishes(container_wishes(bay.name, record.uuid, blueprint.containers_of(bay.name)), held=held)
    pods, services = blueprint.pods_of(bay.name), blueprint.services_of(bay.name)
    return Wishes(objects=kubernetes_objects(bay.name, record.uuid, pods, services))


def open_engine(record: BayRecord, secrets: BaySecrets, outputs: BayOutputs, user: str, wishes: Wishes) -> AnyEngine:
    """The client certificate in use is made on the spot for `user`."""
    if record.coe == "docker":
        return Engine(docker_bay(record, secrets, outputs, user, wishes.held), wishes.containers)
    return Engine(kubernetes_bay(record, secrets, outputs, user), wishes.objects)


def docker_bay(
    record: BayRecord, secrets: BaySecrets, outputs: BayOutputs, user: str, held: Mapping[str, HeldHow]
) -> DockerBay:
    nodes = [NodeAddress(name, node.address) for name, node in outputs.nodes.items()]
    return DockerBay(nodes, session_tls(secrets, user), record.name, record.uuid, held=held)


def kubernetes_bay(record: BayRecord, secrets: BaySecrets, outputs: BayOutputs, user: str) -> KubernetesBay:
    return KubernetesBay(
        outputs.api_address,
        API_PORT,
        session_tls(secrets, user),
        record.name,
        record.uuid,
        membership=membership_of(secrets),
    )


def membership_of(secrets: BaySecrets) -> Membership | None:
    if secrets.kubernetes is None:
        return None
    made = etcd_certificate(secrets.kubernetes, SESSION)
    return Membership(secrets.kubernetes.bootstrap_token, ClientTls(made.ca, made.certificate, made.key))


def session_tls(secrets: BaySecrets, user: str) -> ClientTls:
    made = client_certificate(secrets, user, SESSION)
    return ClientTls(made.ca, made.certificate, made.key)
