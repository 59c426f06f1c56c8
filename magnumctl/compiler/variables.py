"""The variables of modules/bay, key for key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from magnumctl.blueprint.model import Coe, Endpoint, Policy, Role


class Variable(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BayVariable(Variable):
    name: str
    uuid: str
    coe: Coe


class NetworkVariable(Variable):
    """Either `cidr`, or `existing` with its `subnet`."""

    cidr: str | None = None
    existing: str | None = None
    subnet: str | None = None
    external_network: str | None = None
    dns_nameservers: tuple[str, ...] = ()


class ApiVariable(Variable):
    endpoint: Endpoint
    port: int
    allowed_cidrs: tuple[str, ...]


class RuleVariable(Variable):
    """An ingress rule of the bay's security group."""

    description: str
    protocol: str
    port_min: int
    port_max: int
    remote: Literal["cidr", "bay", "subnet"]
    remote_cidr: str | None = None


class BootVolumeVariable(Variable):
    """Size in GiB."""

    size: int
    type: str | None = None


class NodeVariable(Variable):
    """A server is rebuilt when its `digest` changes, and never because its user-data did."""

    digest: str
    fixed_ip: str | None = None
    availability_zone: str | None = None


class NodeGroupVariable(Variable):
    role: Role
    flavor: str
    image: str
    policy: Policy
    labels: Mapping[str, str]
    nodes: Mapping[str, NodeVariable]
    keypair: str | None = None
    boot_volume: BootVolumeVariable | None = None


class BayVariables(Variable):
    bay: BayVariable
    network: NetworkVariable
    api: ApiVariable
    rules: Mapping[str, RuleVariable]
    node_groups: Mapping[str, NodeGroupVariable]
    user_data: Mapping[str, str] = Field(repr=False)
    record: str | None = Field(None, repr=False)

    def tfvars(self) -> str:
        """The text of a `*.tfvars.json`; the same for equal variables."""
        values = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(values, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
