"""The blueprint's workloads in the form that a bay's engine takes, and the engine itself."""

from __future__ import annotations

from datetime import timedelta

from magnumctl.blueprint.model import Bay, Blueprint
from magnumctl.coe.contract import ClientTls, Coe, NodeAddress
from magnumctl.coe.docker import DockerBay
from magnumctl.coe.kubernetes import KubernetesBay
from magnumctl.ledger import BayRecord
from magnumctl.manifests import ContainerWish, KubernetesObject, container_wishes, kubernetes_objects
from magnumctl.pki import BaySecrets, client_certificate
from magnumctl.terraform import BayOutputs

API_PORT = 6443
SESSION = timedelta(hours=1)
"""How long the certificate of one command lives."""

Wish = KubernetesObject | ContainerWish


def wishes_of(blueprint: Blueprint, bay: Bay, record: BayRecord) -> tuple[Wish, ...]:
    if bay.coe == "docker":
        return container_wishes(bay.name, record.uuid, blueprint.containers_of(bay.name))
    return kubernetes_objects(bay.name, record.uuid, blueprint.pods_of(bay.name), blueprint.services_of(bay.name))


def open_coe(record: BayRecord, secrets: BaySecrets, outputs: BayOutputs, user: str) -> Coe[Wish]:
    """The engine of a bay that stands; the client certificate in use is made on the spot for `user`."""
    made = client_certificate(secrets, user, SESSION)
    tls = ClientTls(made.ca, made.certificate, made.key)
    if record.coe == "docker":
        nodes = [NodeAddress(node.name, node.address) for node in outputs.nodes.values()]
        return DockerBay(nodes, tls, record.name, record.uuid)
    return KubernetesBay(outputs.api_address, API_PORT, tls, record.name, record.uuid)
