"""One container of a Docker bay, on whichever node it is. What a person stops or pauses, the ledger remembers."""

from __future__ import annotations

from typing import Literal

from magnumctl.coe.details import ContainerDetail, Deed
from magnumctl.coe.logs import Logs, LogWish
from magnumctl.coe.sessions import ExecWish, Session
from magnumctl.errors import WorkloadNotFoundError

from .clients import Clients
from .deeds import deed_report
from .named import Named, docker_of
from .workload_reports import ContainerReport, ContainerRow, DeedReport

Verb = Literal["start", "stop", "reboot", "pause", "unpause", "delete"]


def show_container(clients: Clients, container: Named) -> ContainerReport:
    detail = docker_of(clients, container.record).containers.show(container.name)
    return ContainerReport(cloud=clients.identity.cloud, container=_row(container, detail))


def container_logs(clients: Clients, container: Named, wish: LogWish) -> Logs:
    return docker_of(clients, container.record).containers.logs(container.name, wish)


def container_exec(clients: Clients, container: Named, wish: ExecWish) -> Session:
    return docker_of(clients, container.record).containers.exec(container.name, wish)


def do_to_container(clients: Clients, container: Named, verb: Verb) -> DeedReport:
    deed = docker_of(clients, container.record).containers.do(verb, container.name)
    _remember(clients, container, verb)
    return deed_report(clients, container, verb, deed)


def delete_container(clients: Clients, container: Named) -> DeedReport:
    """One that is gone already is as good, where the ledger knows that it was there."""
    try:
        return do_to_container(clients, container, "delete")
    except WorkloadNotFoundError:
        _remember(clients, container, "delete")
        gone = Deed(container.name, "deleted", "is already gone", is_done=False)
        return deed_report(clients, container, "delete", gone)


def _remember(clients: Clients, container: Named, verb: Verb) -> None:
    uuid, name = container.record.uuid, container.name
    if verb == "stop":
        clients.ledger.hold(uuid, name, "stopped")
    elif verb == "pause":
        clients.ledger.hold(uuid, name, "paused")
    else:
        clients.ledger.release(uuid, [name])


def _row(container: Named, detail: ContainerDetail) -> ContainerRow:
    return ContainerRow(
        name=container.name,
        bay=container.record.name,
        node=detail.status.node,
        status=detail.status.state,
        message=detail.status.message,
        image=detail.status.image,
        id=detail.id,
        state=detail.engine_state,
        address=detail.address,
        ports=detail.ports,
        command=detail.command,
        restart=detail.restart,
        restarts=detail.restarts,
        exit_code=detail.exit_code,
        created_at=detail.created_at,
        started_at=detail.started_at,
        finished_at=detail.finished_at,
    )
