from __future__ import annotations

from dataclasses import dataclass, field

from magnumctl.sandbox.wire import Json, new_id, now


@dataclass
class Balanced:
    """What a load balancer and everything below it have in common."""

    project_id: str
    name: str = ""
    description: str = ""
    admin_state_up: bool = True
    provisioning_status: str = "PENDING_CREATE"
    operating_status: str = "OFFLINE"
    tags: list[str] = field(default_factory=list)
    id: str = field(default_factory=new_id)
    created_at: str = field(default_factory=now)
    updated_at: str | None = None


@dataclass
class LoadBalancer(Balanced):
    vip_address: str = ""
    vip_port_id: str = ""
    vip_subnet_id: str = ""
    vip_network_id: str = ""
    vip_port_lent: bool = False
    """The user's own port: it stays when the load balancer goes."""
    vip_qos_policy_id: str | None = None
    provider: str = "amphora"
    flavor_id: str | None = None
    availability_zone: str | None = None


@dataclass
class Listener(Balanced):
    loadbalancer_id: str = ""
    protocol: str = "TCP"
    protocol_port: int = 0
    default_pool_id: str | None = None
    connection_limit: int = -1
    allowed_cidrs: list[str] | None = None
    insert_headers: Json = field(default_factory=dict)
    timeout_client_data: int = 50000
    timeout_member_connect: int = 5000
    timeout_member_data: int = 50000
    timeout_tcp_inspect: int = 0


@dataclass
class Pool(Balanced):
    loadbalancer_id: str = ""
    protocol: str = "TCP"
    lb_algorithm: str = "ROUND_ROBIN"
    session_persistence: Json | None = None


@dataclass
class Member(Balanced):
    pool_id: str = ""
    address: str = ""
    protocol_port: int = 0
    weight: int = 1
    backup: bool = False
    operating_status: str = "NO_MONITOR"
    subnet_id: str | None = None
    monitor_address: str | None = None
    monitor_port: int | None = None


@dataclass
class HealthMonitor(Balanced):
    pool_id: str = ""
    type: str = "TCP"
    delay: int = 5
    timeout: int = 5
    max_retries: int = 3
    max_retries_down: int = 3
    http_method: str | None = None
    url_path: str | None = None
    expected_codes: str | None = None


DEFAULT_QUOTA: dict[str, int] = {
    "load_balancer": 10,
    "listener": 100,
    "pool": 100,
    "member": 500,
    "health_monitor": 100,
    "l7policy": -1,
    "l7rule": -1,
}


@dataclass
class OctaviaRecords:
    loadbalancers: dict[str, LoadBalancer] = field(default_factory=dict)
    listeners: dict[str, Listener] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    healthmonitors: dict[str, HealthMonitor] = field(default_factory=dict)
    quotas: dict[str, dict[str, int]] = field(default_factory=dict)

    def quota(self, project_id: str) -> dict[str, int]:
        return {**DEFAULT_QUOTA, **self.quotas.get(project_id, {})}

    def listeners_of(self, balancer_id: str) -> list[Listener]:
        return [it for it in self.listeners.values() if it.loadbalancer_id == balancer_id]

    def pools_of(self, balancer_id: str) -> list[Pool]:
        return [it for it in self.pools.values() if it.loadbalancer_id == balancer_id]

    def members_of(self, pool_id: str) -> list[Member]:
        return [it for it in self.members.values() if it.pool_id == pool_id]

    def monitor_of(self, pool_id: str) -> HealthMonitor | None:
        return next((it for it in self.healthmonitors.values() if it.pool_id == pool_id), None)

    def listeners_to(self, pool_id: str) -> list[Listener]:
        return [it for it in self.listeners.values() if it.default_pool_id == pool_id]
