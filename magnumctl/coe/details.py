"""Workloads in full, for the commands that show one, and what became of a deed done to one."""

from __future__ import annotations

from dataclasses import dataclass

from .contract import WorkloadStatus


@dataclass(frozen=True)
class ContainerState:
    """A container of a pod. `state` is Kubernetes' word: running, waiting, terminated."""

    name: str
    image: str
    state: str
    ready: bool
    restarts: int
    message: str


@dataclass(frozen=True)
class PodInstance:
    """One pod, of a set or alone, under its name in Kubernetes."""

    name: str
    state: str
    message: str
    node: str
    address: str
    started_at: str
    containers: tuple[ContainerState, ...]


@dataclass(frozen=True)
class Event:
    """What Kubernetes said about an object: `reason` is its word, `count` how often it said so."""

    at: str
    kind: str
    about: str
    reason: str
    message: str
    count: int


@dataclass(frozen=True)
class PodDetail:
    """`objects` are what it is made of: `Deployment/default/nginx`."""

    status: WorkloadStatus
    namespace: str
    objects: tuple[str, ...]
    pods: tuple[PodInstance, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class ServicePort:
    """`node_port` is 0 for a service that has none; `target` may be a name."""

    name: str
    protocol: str
    port: int
    target: str
    node_port: int


@dataclass(frozen=True)
class Endpoint:
    """What really stands behind a service."""

    address: str
    port: int
    is_ready: bool
    pod: str
    node: str


@dataclass(frozen=True)
class ServiceDetail:
    """`outside` are the addresses that a load balancer gave it."""

    status: WorkloadStatus
    namespace: str
    type: str
    cluster_ip: str
    ports: tuple[ServicePort, ...]
    endpoints: tuple[Endpoint, ...]
    outside: tuple[str, ...]


@dataclass(frozen=True)
class ContainerDetail:
    """`ports` as `HOST:PORT->PORT/PROTOCOL`, `restart` the policy; times as Docker gives them, empty for never."""

    status: WorkloadStatus
    id: str
    engine_state: str
    created_at: str
    started_at: str
    finished_at: str
    exit_code: int
    restarts: int
    restart: str
    command: tuple[str, ...]
    ports: tuple[str, ...]
    address: str


@dataclass(frozen=True)
class Deed:
    """What was done to a workload and how it is now, looked at afterwards. `is_done` False: there was nothing to do."""

    name: str
    state: str
    message: str
    is_done: bool
    node: str = ""
