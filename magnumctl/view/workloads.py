"""One pod, service or container as text, and what was done to one."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from magnumctl.actions.workload_reports import ContainerReport, DeedReport, PodReport, ServiceReport

from .plain import clean

STYLE = {"ready": "green", "running": "green", "failed": "red", "missing": "red"}
PAST = {
    "start": "started",
    "stop": "stopped",
    "reboot": "rebooted",
    "pause": "paused",
    "unpause": "unpaused",
    "delete": "deleted",
}


def print_pod(report: PodReport, console: Console) -> None:
    pod = report.pod
    _head(console, pod.status, f"pod {pod.name}", pod.message)
    _fields(console, bay=pod.bay, namespace=pod.namespace, objects=", ".join(pod.objects))
    if pod.pods:
        containers = _table("POD", "STATUS", "NODE", "ADDRESS", "CONTAINER", "IMAGE", "STATE", "RESTARTS", "MESSAGE")
        for each in pod.pods:
            for it in each.containers:
                said = it.message or each.message
                place = (each.name, each.status, each.node or "-", each.address or "-")
                containers.add_row(*_plain(*place, it.name, it.image, it.state, str(it.restarts), said))
        console.print(containers)
    if pod.events:
        events = _table("EVENT", "ABOUT", "REASON", "TIMES", "MESSAGE")
        for event in pod.events:
            events.add_row(*_plain(event.at, event.about, event.reason, str(event.count), event.message))
        console.print(events)


def print_service(report: ServiceReport, console: Console) -> None:
    service = report.service
    _head(console, service.status, f"service {service.name}", service.message)
    _fields(
        console,
        bay=service.bay,
        namespace=service.namespace,
        type=service.type,
        cluster_ip=service.cluster_ip,
        address=", ".join(service.addresses),
    )
    ports = _table("PORT", "PROTOCOL", "NAME", "TARGET", "NODE PORT")
    for port in service.ports:
        row = (str(port.port), port.protocol, port.name or "-", port.target, str(port.node_port or "-"))
        ports.add_row(*_plain(*row))
    console.print(ports)
    endpoints = _table("ENDPOINT", "STATUS", "POD", "NODE")
    for each in service.endpoints:
        word = "ready" if each.ready else "not ready"
        endpoints.add_row(*_plain(f"{each.address}:{each.port}", word, each.pod or "-", each.node or "-"))
    console.print(endpoints if service.endpoints else "no endpoints")


def print_container(report: ContainerReport, console: Console) -> None:
    it = report.container
    _head(console, it.status, f"container {it.name}", it.message)
    _fields(
        console,
        bay=it.bay,
        node=it.node,
        image=it.image,
        id=it.id,
        state=it.state,
        command=" ".join(it.command),
        ports=", ".join(it.ports),
        address=it.address,
        restart=f"{it.restart}, {it.restarts} times so far" if it.restarts else it.restart,
        created=it.created_at,
        started=it.started_at,
        finished="" if it.state == "running" else f"{it.finished_at}, exit code {it.exit_code}",
    )


def print_deed(report: DeedReport, console: Console) -> None:
    deed = report.deed
    where = f" on {deed.node}" if deed.node else ""
    said = f" ({deed.message})" if deed.message else ""
    did = f"{PAST[deed.verb]}{where}{said}" if deed.changed else f"{deed.message}{where}"
    if deed.status == "going":
        did = f"is being deleted, and not gone yet{said}"
    console.print(escape(clean(f"{deed.kind} {deed.name}: {did}")))


def _head(console: Console, status: str, subject: str, message: str) -> None:
    said = f"  {message}" if message else ""
    console.print(f"[{STYLE.get(status, 'yellow')}]{status}[/] {escape(clean(subject + said))}")


def _fields(console: Console, **fields: str) -> None:
    for name, value in fields.items():
        if value:
            console.print(f"    {name.replace('_', ' '):<12} {escape(clean(value))}")


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _plain(*cells: str) -> Iterable[str]:
    return (escape(clean(cell)) for cell in cells)
