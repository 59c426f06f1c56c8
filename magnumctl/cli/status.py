from __future__ import annotations

import typer

from magnumctl.view.output import Format

from .options import HERE, BayNames, CloudName, Folder, Jobs, Output, settings


def register(app: typer.Typer) -> None:
    app.command("status", epilog="Example: magnumctl status --bay web -o json")(status)


def status(
    bay: BayNames = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    jobs: Jobs = 4,
    output: Output = Format.text,
) -> None:
    """Show the bays with their nodes and workloads, as they are now."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.status import status as status_of
    from magnumctl.view.formats import show

    clients = open_recorded(settings(folder, cloud, jobs), bay or [])
    show(status_of(clients, tuple(bay or ())), output)
