from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from magnumctl.sandbox.fabric import Node
from magnumctl.sandbox.wire import Json, new_id, now

ZONE = "nova"


@dataclass
class Flavor:
    name: str
    vcpus: int
    ram: int
    """MiB"""
    disk: int
    """GiB"""
    id: str = field(default_factory=new_id)
    ephemeral: int = 0
    swap: int = 0
    is_public: bool = True
    rxtx_factor: float = 1.0
    description: str | None = None
    extra_specs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Host:
    """What a compute host offers, overcommitment already in it."""

    name: str
    vcpus: int = 64
    ram: int = 131072
    disk: int = 4000


@dataclass
class KeyPair:
    name: str
    user_id: str
    public_key: str
    fingerprint: str
    type: str = "ssh"
    created_at: str = field(default_factory=now)


@dataclass
class ServerGroup:
    name: str
    project_id: str
    user_id: str
    policy: str
    max_server_per_host: int = 0
    """0: no such rule."""
    id: str = field(default_factory=new_id)
    members: list[str] = field(default_factory=list)


@dataclass
class Deed:
    """One entry of os-instance-actions."""

    action: str
    user_id: str
    request_id: str = field(default_factory=lambda: f"req-{new_id()}")
    start_time: str = field(default_factory=now)
    message: str | None = None


@dataclass
class Server:
    name: str
    project_id: str
    user_id: str
    flavor: Flavor
    image_id: str = ""
    """Empty for a server that boots from a volume."""
    image_name: str = ""
    key_name: str | None = None
    user_data: bytes = b""
    metadata: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    zone: str = ZONE
    config_drive: bool = False
    description: str | None = None
    group_id: str = ""
    id: str = field(default_factory=new_id)
    created: str = field(default_factory=now)
    updated: str = field(default_factory=now)
    launched_at: str | None = None
    status: str = "BUILD"
    vm_state: str = "building"
    task_state: str | None = "scheduling"
    power_state: int = 0
    host: str = ""
    fault: Json | None = None
    locked: bool = False
    previous_flavor: Flavor | None = None
    admin_pass: str = ""
    own_ports: set[str] = field(default_factory=set)
    """Ports that Nova made and takes away again."""
    deeds: list[Deed] = field(default_factory=list)
    node: Node | None = None

    @property
    def host_id(self) -> str:
        return hashlib.sha224(f"{self.project_id}{self.host}".encode()).hexdigest() if self.host else ""

    def become(self, status: str, vm_state: str, power_state: int) -> None:
        self.status, self.vm_state, self.power_state, self.task_state = status, vm_state, power_state, None
        self.updated = now()


DEFAULT_QUOTA: dict[str, int] = {
    "instances": 40,
    "cores": 80,
    "ram": 204800,
    "metadata_items": 128,
    "key_pairs": 100,
    "server_groups": 10,
    "server_group_members": 10,
    "injected_files": 5,
    "injected_file_content_bytes": 10240,
    "injected_file_path_bytes": 255,
}


@dataclass
class NovaRecords:
    servers: dict[str, Server] = field(default_factory=dict)
    flavors: dict[str, Flavor] = field(default_factory=dict)
    key_pairs: dict[tuple[str, str], KeyPair] = field(default_factory=dict)
    """By user id and name: they belong to users, not to projects."""
    groups: dict[str, ServerGroup] = field(default_factory=dict)
    hosts: tuple[Host, ...] = (Host("node-1"), Host("node-2"), Host("node-3"))
    quotas: dict[str, dict[str, int]] = field(default_factory=dict)

    def quota(self, project_id: str) -> dict[str, int]:
        return {**DEFAULT_QUOTA, **self.quotas.get(project_id, {})}

    def servers_of(self, project_id: str) -> list[Server]:
        return [server for server in self.servers.values() if server.project_id == project_id]

    def used(self, project_id: str) -> dict[str, int]:
        mine = self.servers_of(project_id)
        return {
            "instances": len(mine),
            "cores": sum(server.flavor.vcpus for server in mine),
            "ram": sum(server.flavor.ram for server in mine),
            "server_groups": sum(1 for group in self.groups.values() if group.project_id == project_id),
        }
