from __future__ import annotations

import typer

from magnumctl.view.output import Format

from .options import HERE, BayNames, CloudName, Folder, Jobs, Output, settings

app = typer.Typer(name="container", help="The containers of Docker bays.", no_args_is_help=True)


@app.callback()
def container() -> None:
    """The containers of Docker bays."""


@app.command("list", epilog="Example: magnumctl container list --bay web -o json")
def list_(
    bay: BayNames = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    jobs: Jobs = 4,
    output: Output = Format.text,
) -> None:
    """List the containers, as they are now."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.lists import container_list
    from magnumctl.view.formats import show

    show(
        container_list(open_recorded(settings(folder, cloud, jobs), bay or []), tuple(bay or ())),
        output,
    )
