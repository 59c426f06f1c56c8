from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from magnumctl.sandbox.wire import Json, new_id, now

Network4 = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass
class Resource:
    project_id: str
    name: str = ""
    description: str = ""
    tags: list[str] = field(default_factory=list)
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)
    updated_at: str = field(default_factory=now)
    revision_number: int = 1

    def touch(self) -> None:
        self.updated_at = now()
        self.revision_number += 1


@dataclass
class Network(Resource):
    admin_state_up: bool = True
    shared: bool = False
    external: bool = False
    mtu: int = 1450
    port_security_enabled: bool = True
    dns_domain: str = ""
    availability_zone_hints: list[str] = field(default_factory=list)
    segment: int = 0


@dataclass
class Subnet(Resource):
    network_id: str = ""
    cidr: str = ""
    ip_version: int = 4
    gateway_ip: str | None = None
    enable_dhcp: bool = True
    dns_nameservers: list[str] = field(default_factory=list)
    host_routes: list[Json] = field(default_factory=list)
    allocation_pools: list[Json] = field(default_factory=list)
    ipv6_address_mode: str | None = None
    ipv6_ra_mode: str | None = None
    dns_publish_fixed_ip: bool = False
    service_types: list[str] = field(default_factory=list)
    segment_id: str | None = None
    subnetpool_id: str | None = None
    used: set[int] = field(default_factory=set)
    last: int = 0
    """The address given out last: the search for a free one goes on behind it, as freed ones rest a while."""


@dataclass(frozen=True)
class FixedIp:
    subnet_id: str
    ip_address: str


@dataclass
class Port(Resource):
    network_id: str = ""
    mac_address: str = ""
    fixed_ips: list[FixedIp] = field(default_factory=list)
    admin_state_up: bool = True
    status: str = "DOWN"
    device_id: str = ""
    device_owner: str = ""
    security_groups: list[str] = field(default_factory=list)
    allowed_address_pairs: list[Json] = field(default_factory=list)
    port_security_enabled: bool = True
    extra_dhcp_opts: list[Json] = field(default_factory=list)
    dns_name: str = ""
    dns_domain: str = ""
    vnic_type: str = "normal"
    host: str = ""
    profile: Json = field(default_factory=dict)
    qos_policy_id: str | None = None


@dataclass
class Router(Resource):
    admin_state_up: bool = True
    status: str = "ACTIVE"
    gateway_network: str = ""
    enable_snat: bool = True
    gateway_port: str = ""
    routes: list[Json] = field(default_factory=list)
    distributed: bool = False
    ha: bool = False
    availability_zone_hints: list[str] = field(default_factory=list)


@dataclass
class SecurityGroup(Resource):
    stateful: bool = True


@dataclass
class SecurityGroupRule(Resource):
    security_group_id: str = ""
    direction: str = "ingress"
    ethertype: str = "IPv4"
    protocol: str | None = None
    port_range_min: int | None = None
    port_range_max: int | None = None
    remote_ip_prefix: str | None = None
    remote_group_id: str | None = None
    remote_address_group_id: str | None = None

    def meaning(self) -> tuple[object, ...]:
        """Two rules of the same meaning may not be in one group."""
        return (
            self.security_group_id,
            self.direction,
            self.ethertype,
            self.protocol,
            self.port_range_min,
            self.port_range_max,
            self.remote_ip_prefix,
            self.remote_group_id,
        )


@dataclass
class FloatingIp(Resource):
    floating_network_id: str = ""
    floating_ip_address: str = ""
    floating_port_id: str = ""
    port_id: str | None = None
    fixed_ip_address: str | None = None
    router_id: str | None = None
    status: str = "DOWN"
    dns_name: str = ""
    dns_domain: str = ""


DEFAULT_QUOTA: dict[str, int] = {
    "network": 100,
    "subnet": 100,
    "subnetpool": -1,
    "port": 500,
    "router": 40,
    "floatingip": 50,
    "security_group": 100,
    "security_group_rule": 1000,
    "rbac_policy": 10,
}


@dataclass
class NeutronRecords:
    networks: dict[str, Network] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    ports: dict[str, Port] = field(default_factory=dict)
    routers: dict[str, Router] = field(default_factory=dict)
    security_groups: dict[str, SecurityGroup] = field(default_factory=dict)
    security_group_rules: dict[str, SecurityGroupRule] = field(default_factory=dict)
    floatingips: dict[str, FloatingIp] = field(default_factory=dict)
    quotas: dict[str, dict[str, int]] = field(default_factory=dict)

    def subnets_of(self, network_id: str) -> list[Subnet]:
        return [subnet for subnet in self.subnets.values() if subnet.network_id == network_id]

    def ports_of(self, device_id: str) -> list[Port]:
        return [port for port in self.ports.values() if port.device_id == device_id]

    def rules_of(self, group_id: str) -> list[SecurityGroupRule]:
        return [rule for rule in self.security_group_rules.values() if rule.security_group_id == group_id]

    def floating_of(self, port_id: str) -> list[FloatingIp]:
        return [floating for floating in self.floatingips.values() if floating.port_id == port_id]

    def quota(self, project_id: str) -> dict[str, int]:
        return {**DEFAULT_QUOTA, **self.quotas.get(project_id, {})}
