from __future__ import annotations

from typing import Annotated

import typer

from magnumctl.view.output import Format

from .completion import nodes
from .options import HERE, BayNames, CloudName, Folder, Jobs, Output, settings
from .workload import OneBay

app = typer.Typer(name="node", help="The nodes: the servers of the bays.", no_args_is_help=True)

NodeName = Annotated[str, typer.Argument(metavar="NODE", help="Its name in the bay: workers-0.", autocompletion=nodes)]


@app.callback()
def node() -> None:
    """The nodes: the servers of the bays."""


@app.command("list", epilog="Example: magnumctl node list --bay web -o json")
def list_(
    bay: BayNames = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    jobs: Jobs = 4,
    output: Output = Format.text,
) -> None:
    """List the nodes, as they are now."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.lists import node_list
    from magnumctl.view.formats import show

    show(node_list(open_recorded(settings(folder, cloud, jobs), bay or []), tuple(bay or ())), output)


@app.command(epilog="Example: magnumctl node show workers-0 --bay web")
def show(
    name: NodeName, bay: OneBay = None, folder: Folder = HERE, cloud: CloudName = None, output: Output = Format.text
) -> None:
    """Show one node as Nova and as the bay's engine see it: status, flavor, addresses, host, labels."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.nodes import named_node, node_show
    from magnumctl.view.formats import show as show_report

    clients = open_recorded(settings(folder, cloud), [bay] if bay else [])
    show_report(node_show(clients, named_node(clients, name, bay)), output)


@app.command(epilog="Example: magnumctl node console workers-0 --bay web --lines 50")
def console(
    name: NodeName,
    bay: OneBay = None,
    lines: Annotated[
        int, typer.Option("--lines", min=0, help="How much of the log's end; 0 for the stages alone.")
    ] = 100,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Show how far a node's boot has come, and the end of its console's log."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.nodes import named_node, node_console
    from magnumctl.view.formats import show as show_report

    clients = open_recorded(settings(folder, cloud), [bay] if bay else [])
    show_report(node_console(clients, named_node(clients, name, bay), lines), output)
