"""One node as text, and its console."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from magnumctl.actions.node_reports import ConsoleReport, NodeDetailRow, NodeReport

from .plain import clean


def print_node(report: NodeReport, console: Console) -> None:
    node = report.node
    console.print(f"node {escape(node.name)} of bay {escape(node.bay)}")
    _fields(console, group=node.group, role=node.role, address=node.address)
    _print_server(node, console)
    engine = node.engine
    said = f"{engine.status}  {engine.message}".strip()
    console.print(f"  [bold]engine[/]    {escape(clean(said))}")
    _fields(console, version=engine.version, runs=str(engine.runs))
    for name, value in engine.labels.items():
        console.print(f"    label     {escape(clean(f'{name}={value}'))}")
    if node.placement:
        console.print(f"  [yellow]placement[/] {escape(node.placement)}")


def _print_server(node: NodeDetailRow, console: Console) -> None:
    server = node.server
    if server is None:
        console.print("  [bold]server[/]    [red]Nova has none any more[/]")
        return
    said = f"{server.status}  {server.fault}".strip()
    console.print(f"  [bold]server[/]    {escape(clean(f'{server.name}  {said}'))}")
    _fields(
        console,
        id=server.id,
        flavor=server.flavor,
        image=server.image,
        host=server.host_id,
        zone=server.zone,
        addresses=", ".join(server.addresses),
        created=server.created_at,
        labels=", ".join(f"{name}={value}" for name, value in server.labels.items()),
    )


def _fields(console: Console, **fields: str) -> None:
    for name, value in fields.items():
        if value:
            console.print(f"    {name:<9} {escape(clean(value))}")


def print_console(report: ConsoleReport, console: Console) -> None:
    """The stages first: they say how far it has come, the rest why it has not come further."""
    for stage in report.stages:
        console.print(f"[bold]{escape(clean(stage))}[/]")
    if not report.stages:
        console.print("[dim]no stage of the boot has been written yet[/]")
    for line in report.lines:
        console.print(escape(clean(line)))
