"""What the commands about one pod, service or container say. Keys may be added, none is renamed or dropped."""

from __future__ import annotations

from .reports import Report, Row


class ContainerStateRow(Row):
    name: str
    image: str
    state: str
    ready: bool
    restarts: int
    message: str = ""


class PodInstanceRow(Row):
    name: str
    status: str
    message: str
    node: str
    address: str
    started_at: str
    containers: tuple[ContainerStateRow, ...]


class EventRow(Row):
    at: str
    kind: str
    about: str
    reason: str
    message: str
    count: int


class PodRow(Row):
    """A pod of the blueprint: the objects it is made of, and its pods one by one."""

    name: str
    bay: str
    namespace: str
    status: str
    message: str
    image: str
    objects: tuple[str, ...]
    pods: tuple[PodInstanceRow, ...]
    events: tuple[EventRow, ...]


class PodReport(Report):
    pod: PodRow


class ServicePortRow(Row):
    name: str
    protocol: str
    port: int
    target: str
    node_port: int


class EndpointRow(Row):
    address: str
    port: int
    ready: bool
    pod: str
    node: str


class ServiceRow(Row):
    """`address` is what a client would use; `addresses` are all that there are, from the outside first."""

    name: str
    bay: str
    namespace: str
    status: str
    message: str
    type: str
    cluster_ip: str
    address: str
    addresses: tuple[str, ...]
    ports: tuple[ServicePortRow, ...]
    endpoints: tuple[EndpointRow, ...]


class ServiceReport(Report):
    service: ServiceRow


class ContainerRow(Row):
    name: str
    bay: str
    node: str
    status: str
    message: str
    image: str
    id: str
    state: str
    address: str
    ports: tuple[str, ...]
    command: tuple[str, ...]
    restart: str
    restarts: int
    exit_code: int
    created_at: str
    started_at: str
    finished_at: str


class ContainerReport(Report):
    container: ContainerRow


class DeedRow(Row):
    """`status` is how it is now, looked at afterwards; `changed` is False when there was nothing to do."""

    kind: str
    name: str
    bay: str
    node: str
    verb: str
    status: str
    changed: bool
    message: str


class DeedReport(Report):
    deed: DeedRow
    warnings: tuple[str, ...] = ()
