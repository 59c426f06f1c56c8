from __future__ import annotations

import typer

from magnumctl.view.output import Format

from .options import HERE, BayNames, CloudName, Folder, Jobs, Output, settings

app = typer.Typer(name="node", help="The nodes: the servers of the bays.", no_args_is_help=True)


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
