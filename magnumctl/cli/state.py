from __future__ import annotations

import typer

from magnumctl.view.output import Format

from .confirm import confirm
from .options import HERE, BayName, CloudName, Folder, Output, Yes, settings

app = typer.Typer(name="state", help="The Terraform states of the bays, and who holds a bay.", no_args_is_help=True)


@app.callback()
def state() -> None:
    """The Terraform states of the bays, and who holds a bay."""


@app.command("list", epilog="Example: magnumctl state list -o json")
def list_(folder: Folder = HERE, cloud: CloudName = None, output: Output = Format.text) -> None:
    """List the bays with the addresses of their resources in Terraform."""
    from magnumctl.actions.clients import open_recorded, open_states
    from magnumctl.actions.state import state_list
    from magnumctl.view.formats import show

    given = settings(folder, cloud)
    show(state_list(open_recorded(given, []), open_states(given)), output)


@app.command(epilog="Example: magnumctl state pull web > web.tfstate")
def pull(name: BayName, folder: Folder = HERE, cloud: CloudName = None) -> None:
    """Print a bay's Terraform state: JSON, as Terraform keeps it."""
    from magnumctl.actions.clients import open_recorded, open_states
    from magnumctl.actions.state import state_pull

    given = settings(folder, cloud)
    typer.echo(state_pull(open_recorded(given, [name]), open_states(given), name), nl=False)


@app.command(epilog="Example: magnumctl state rebuild")
def rebuild(folder: Folder = HERE, output: Output = Format.text) -> int:
    """Make a lost ledger anew from the Terraform states. Needs the key that sealed it; asks no cloud."""
    from magnumctl.actions.clients import open_ledger, open_states
    from magnumctl.actions.rebuild import rebuild as make_anew
    from magnumctl.view.formats import show

    given = settings(folder, None)
    report = make_anew(open_ledger(given), open_states(given))
    show(report, output)
    return 1 if any(bay.status == "failed" for bay in report.bays) else 0


@app.command(epilog="Example: magnumctl state unlock web")
def unlock(
    name: BayName, yes: Yes = False, folder: Folder = HERE, cloud: CloudName = None, output: Output = Format.text
) -> None:
    """Free a bay that a change still holds whose process is gone; refused while that process lives."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.state import holder_of, said_of
    from magnumctl.actions.state import unlock as free
    from magnumctl.view.formats import show

    clients = open_recorded(settings(folder, cloud), [name])
    record = clients.bay(name)
    held = holder_of(clients.ledger, record)
    if held:
        typer.echo(said_of(held), err=True)
        confirm(f"Unlock bay {name}?", yes)
    show(free(clients, record), output)
