"""Baymodels: what a bay of each would really get, defaults filled in, names looked up in the cloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from magnumctl.blueprint.model import Bay, Blueprint, Kubernetes, NewNetwork, NodeGroup
from magnumctl.cloud import Cloud, NamedKind
from magnumctl.errors import UsageError

from .baymodel_reports import BaymodelListReport, BaymodelReport, BaymodelRow, GroupRow, NamedRow, WouldGetRow
from .clients import Clients, cloud_of
from .plan import host_cidr

Name = tuple[NamedKind, str]


def baymodel_list(blueprint: Blueprint) -> BaymodelListReport:
    """From the blueprint alone."""
    return BaymodelListReport(
        cloud=blueprint.cloud, baymodels=tuple(row_of(blueprint, name) for name in blueprint.baymodels)
    )


def row_of(blueprint: Blueprint, name: str) -> BaymodelRow:
    bays = [bay for bay in blueprint.bays if bay.baymodel == name]
    return BaymodelRow(name=name, coe=bays[0].coe if bays else "", bays=tuple(bay.name for bay in bays))


def baymodel_show(clients: Clients, blueprint: Blueprint, name: str) -> BaymodelReport:
    if name not in blueprint.baymodels:
        known = ", ".join(blueprint.baymodels) or "none"
        raise UsageError(f"the blueprint has no baymodel {name}", detail=f"it has {known}", hint="magnumctl validate")
    bays = [bay for bay in blueprint.bays if bay.baymodel == name]
    address = host_cidr(clients.identity.local_address())
    return BaymodelReport(
        cloud=clients.identity.cloud,
        baymodel=name,
        bays=tuple(would_get(bay, address) for bay in bays),
        names=looked_up(cloud_of(clients.identity), tuple(dict.fromkeys(n for bay in bays for n in names_of(bay)))),
    )


def would_get(bay: Bay, address: str) -> WouldGetRow:
    kubernetes = bay.kubernetes or (Kubernetes() if bay.coe == "kubernetes" else None)
    new = isinstance(bay.network, NewNetwork)
    return WouldGetRow(
        bay=bay.name,
        coe=bay.coe,
        endpoint=bay.api.endpoint,
        allowed_cidrs=bay.api.allowed_cidrs or (address,),
        network=bay.network.cidr if isinstance(bay.network, NewNetwork) else bay.network.existing,
        external_network=bay.external_network or "",
        dns_nameservers=bay.dns_nameservers if new else (),
        kubernetes_version=kubernetes.version if kubernetes else "",
        pod_cidr=kubernetes.pod_cidr if kubernetes else "",
        service_cidr=kubernetes.service_cidr if kubernetes else "",
        install=kubernetes.install if kubernetes else "",
        cni=kubernetes.cni if kubernetes else "",
        protect=bay.protect,
        groups=tuple(map(group_row, bay.node_groups)),
    )


def group_row(group: NodeGroup) -> GroupRow:
    return GroupRow(
        name=group.name,
        role=group.role,
        flavor=group.flavor,
        image=group.image,
        nodes=group.node_names,
        policy=group.policy,
        availability_zones=group.availability_zones,
        boot_volume_gib=group.boot_volume.size if group.boot_volume else None,
    )


def names_of(bay: Bay) -> Iterator[Name]:
    for group in bay.node_groups:
        yield "image", group.image
        yield "flavor", group.flavor
    if bay.external_network:
        yield "network", bay.external_network
    if not isinstance(bay.network, NewNetwork):
        yield "network", bay.network.existing
        yield "subnet", bay.network.subnet
    if bay.keypair:
        yield "keypair", bay.keypair


def looked_up(cloud: Cloud, names: Sequence[Name]) -> tuple[NamedRow, ...]:
    with ThreadPoolExecutor(max_workers=4) as pool:
        return tuple(pool.map(lambda name: named_row(cloud, *name), names))


def named_row(cloud: Cloud, kind: NamedKind, name: str) -> NamedRow:
    found = cloud.ids(kind, name)
    if len(found) == 1:
        return NamedRow(kind=kind, name=name, id=found[0])
    message = f"{len(found)} of this name: {', '.join(found)}" if found else "this project sees none of this name"
    return NamedRow(kind=kind, name=name, message=message)
