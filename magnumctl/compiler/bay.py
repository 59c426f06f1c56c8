"""A bay of the blueprint becomes what Terraform is told: variables, and the user-data of each node."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from magnumctl.blueprint.model import Bay, Container, Kubernetes, NewNetwork, NodeGroup, Service
from magnumctl.compiler.cloud_config import File, check_size, cloud_config
from magnumctl.compiler.digest import docker_digest, kubernetes_digest
from magnumctl.compiler.docker import docker_files
from magnumctl.compiler.extra import extra_of
from magnumctl.compiler.kubernetes import KubernetesNode, kubernetes_files
from magnumctl.compiler.labels import group_labels
from magnumctl.compiler.model import BayIdentity, CompiledBay
from magnumctl.compiler.rules import api_of, open_ports, rules_of, rules_open_to_all
from magnumctl.compiler.variables import (
    BayVariable,
    BayVariables,
    BootVolumeVariable,
    NetworkVariable,
    NodeGroupVariable,
    NodeVariable,
)
from magnumctl.errors import MagnumctlError
from magnumctl.pki import BaySecrets, DockerSecrets, KubernetesSecrets


@dataclass(frozen=True)
class CompiledNode:
    digest: str
    files: tuple[File, ...] = field(repr=False)


NodeCompiler = Callable[[NodeGroup, str], CompiledNode]


def compile_bay(
    bay: Bay,
    identity: BayIdentity,
    secrets: BaySecrets,
    services: Iterable[Service],
    containers: Iterable[Container],
) -> CompiledBay:
    """Pure: the same arguments give the same result. BlueprintError for what only compiling can find."""
    nodes = _compiled_nodes(bay, identity, secrets)
    user_data = {name: _user_data(bay, name, node) for name, node in nodes.items()}
    api, ports = api_of(bay, identity.caller_cidr), open_ports(services, containers)
    variables = BayVariables(
        bay=BayVariable(name=bay.name, uuid=identity.uuid, coe=bay.coe),
        network=_network(bay),
        api=api,
        rules=rules_of(api, ports),
        node_groups={group.name: _node_group(bay, group, nodes) for group in bay.node_groups},
        user_data=user_data,
        record=identity.record,
    )
    digest = _digest(variables, secrets)
    return CompiledBay(variables, digest, rules_open_to_all(bay, api, ports), user_data)


def _compiled_nodes(bay: Bay, identity: BayIdentity, secrets: BaySecrets) -> dict[str, CompiledNode]:
    compiler = _node_compiler(bay, identity, secrets)
    return {name: compiler(group, name) for group, name in bay.nodes}


def _node_compiler(bay: Bay, identity: BayIdentity, secrets: BaySecrets) -> NodeCompiler:
    if bay.coe == "kubernetes" and secrets.kubernetes is not None:
        return _kubernetes_compiler(bay, identity, secrets.kubernetes)
    if bay.coe == "docker" and secrets.docker is not None:
        return _docker_compiler(bay, secrets.docker)
    raise MagnumctlError(
        f"bay {bay.name} has no secrets for the coe {bay.coe}",
        detail="the coe of a bay cannot change while it exists",
        hint=f"magnumctl destroy --bay {bay.name}",
    )


def _kubernetes_compiler(bay: Bay, identity: BayIdentity, secrets: KubernetesSecrets) -> NodeCompiler:
    def compiled(group: NodeGroup, name: str) -> CompiledNode:
        node = KubernetesNode(bay, group, name, bay.kubernetes or Kubernetes(), secrets, identity.control_planes)
        return CompiledNode(kubernetes_digest(node), kubernetes_files(node))

    return compiled


def _docker_compiler(bay: Bay, secrets: DockerSecrets) -> NodeCompiler:
    def compiled(_group: NodeGroup, name: str) -> CompiledNode:
        files = docker_files(f"{bay.name}-{name}", name, secrets)
        return CompiledNode(docker_digest(bay, name, secrets), files)

    return compiled


def _user_data(bay: Bay, name: str, node: CompiledNode) -> str:
    extra = extra_of(bay.name, bay.user_data, {file.path for file in node.files})
    text = cloud_config(node.files, extra)
    check_size(f"{bay.name}-{name}", text)
    return text


def _network(bay: Bay) -> NetworkVariable:
    common = {"external_network": bay.external_network, "dns_nameservers": bay.dns_nameservers}
    if isinstance(bay.network, NewNetwork):
        return NetworkVariable.model_validate({**common, "cidr": bay.network.cidr})
    return NetworkVariable.model_validate({**common, "existing": bay.network.existing, "subnet": bay.network.subnet})


def _node_group(bay: Bay, group: NodeGroup, nodes: dict[str, CompiledNode]) -> NodeGroupVariable:
    volume = group.boot_volume
    return NodeGroupVariable(
        role=group.role,
        flavor=group.flavor,
        image=group.image,
        policy=group.policy,
        keypair=bay.keypair,
        labels=group_labels(bay, group),
        boot_volume=None if volume is None else BootVolumeVariable(size=volume.size, type=volume.type),
        nodes={
            name: NodeVariable(digest=nodes[name].digest, availability_zone=zone_of(group, name))
            for name in group.node_names
        },
    )


def zone_of(group: NodeGroup, name: str) -> str | None:
    """By the number in the node's name, so that a node that goes away moves no other."""
    if not group.availability_zones:
        return None
    number = name.rpartition("-")[2]
    place = int(number) if number.isdecimal() else group.node_names.index(name)
    return group.availability_zones[place % len(group.availability_zones)]


def _digest(variables: BayVariables, secrets: BaySecrets) -> str:
    text = variables.tfvars()
    if secrets.kubernetes is not None:
        text = text.replace(secrets.kubernetes.bootstrap_token, "")
    return hashlib.sha256(text.encode()).hexdigest()
