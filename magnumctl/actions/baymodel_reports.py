"""What the `baymodel` commands say, as values; see `reports`."""

from __future__ import annotations

from typing import Literal

from .reports import Report, Row


class BaymodelRow(Row):
    """`bays` are those that use it."""

    name: str
    coe: str = ""
    bays: tuple[str, ...] = ()


class BaymodelListReport(Report):
    baymodels: tuple[BaymodelRow, ...] = ()


class NamedRow(Row):
    """A name of the blueprint and the cloud's id of it; `id` is empty unless there is exactly one."""

    kind: Literal["image", "flavor", "network", "subnet", "keypair"]
    name: str
    id: str = ""
    message: str = ""


class GroupRow(Row):
    name: str
    role: str
    flavor: str
    image: str
    nodes: tuple[str, ...]
    policy: str
    availability_zones: tuple[str, ...] = ()
    boot_volume_gib: int | None = None


class WouldGetRow(Row):
    """What one bay would get. `allowed_cidrs` are the ranges that may reach its API."""

    bay: str
    coe: str
    endpoint: str
    allowed_cidrs: tuple[str, ...]
    network: str
    external_network: str = ""
    dns_nameservers: tuple[str, ...] = ()
    kubernetes_version: str = ""
    pod_cidr: str = ""
    service_cidr: str = ""
    install: str = ""
    cni: str = ""
    protect: bool = False
    groups: tuple[GroupRow, ...] = ()


class BaymodelReport(Report):
    baymodel: str
    bays: tuple[WouldGetRow, ...] = ()
    names: tuple[NamedRow, ...] = ()
