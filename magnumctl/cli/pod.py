from __future__ import annotations

import typer

from magnumctl.view.output import Format

from .options import HERE, BayNames, CloudName, Folder, Jobs, Output, settings

app = typer.Typer(name="pod", help="The pods of Kubernetes bays.", no_args_is_help=True)


@app.callback()
def pod() -> None:
    """The pods of Kubernetes bays."""


@app.command("list", epilog="Example: magnumctl pod list --bay web -o json")
def list_(
    bay: BayNames = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    jobs: Jobs = 4,
    output: Output = Format.text,
) -> None:
    """List the pods, as they are now."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.lists import pod_list
    from magnumctl.view.formats import show

    show(pod_list(open_recorded(settings(folder, cloud, jobs), bay or []), tuple(bay or ())), output)
