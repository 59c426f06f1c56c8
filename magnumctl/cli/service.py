from __future__ import annotations

from typing import Annotated

import typer

from magnumctl.view.output import Format

from .completion import services
from .options import HERE, BayNames, CloudName, Folder, Jobs, Output, Yes, settings
from .workload import OneBay, confirm_deletion, found, show_deed

app = typer.Typer(name="service", help="The services of Kubernetes bays.", no_args_is_help=True)
ServiceName = Annotated[
    str, typer.Argument(metavar="SERVICE", help="Its name in the blueprint.", autocompletion=services)
]


@app.callback()
def service() -> None:
    """The services of Kubernetes bays."""


@app.command("list", epilog="Example: magnumctl service list --bay web -o json")
def list_(
    bay: BayNames = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    jobs: Jobs = 4,
    output: Output = Format.text,
) -> None:
    """List the services, as they are now."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.lists import service_list
    from magnumctl.view.formats import show

    show(service_list(open_recorded(settings(folder, cloud, jobs), bay or []), tuple(bay or ())), output)


@app.command(epilog="Example: magnumctl service show nginx")
def show(
    name: ServiceName, bay: OneBay = None, folder: Folder = HERE, cloud: CloudName = None, output: Output = Format.text
) -> None:
    """Show a service: its type and ports, what is really behind it, and the address that a client would use."""
    from magnumctl.actions.services import show_service
    from magnumctl.view.formats import show as show_report

    show_report(show_service(*found("service", name, bay, folder, cloud)), output)


@app.command(epilog="Example: magnumctl service delete nginx --yes")
def delete(
    name: ServiceName,
    yes: Yes = False,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Delete a service after asking; what the blueprint still has comes back with the next apply."""
    from magnumctl.actions.services import delete_service

    clients, named = found("service", name, bay, folder, cloud)
    confirm_deletion(named, yes)
    show_deed(delete_service(clients, named), output)
