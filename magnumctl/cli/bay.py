from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from magnumctl.view.output import Format

from .options import HERE, BayName, CloudName, Folder, Output, settings
from .shells import Shell, exports, unsets

app = typer.Typer(name="bay", help="The bays: where work is scheduled.", no_args_is_help=True)
TTL = Annotated[float, typer.Option("--ttl", min=0.1, max=8760, help="Hours until the certificate ends.")]


@app.command("list", epilog="Example: magnumctl bay list -o json")
def list_(folder: Folder = HERE, cloud: CloudName = None, output: Output = Format.text) -> None:
    """List the bays of this workspace and project, from the ledger."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.status import bay_list
    from magnumctl.view.formats import show

    show(bay_list(open_recorded(settings(folder, cloud), [])), output)


@app.command(epilog="Example: magnumctl bay show web")
def show(name: BayName, folder: Folder = HERE, cloud: CloudName = None, output: Output = Format.text) -> None:
    """Show one bay with its nodes and workloads, as they are now."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.status import status
    from magnumctl.view.formats import show as show_report

    show_report(status(open_recorded(settings(folder, cloud), [name]), (name,)), output)


@app.command(epilog="Example: magnumctl bay kubeconfig web --out web.kubeconfig")
def kubeconfig(
    name: BayName,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Written with mode 0600. Default: standard output."),
    ] = None,
    merge: Annotated[
        bool,
        typer.Option("--merge", help="Into the first file of KUBECONFIG, else ~/.kube/config."),
    ] = False,
    ttl: TTL = 12,
    folder: Folder = HERE,
    cloud: CloudName = None,
) -> None:
    """Write a kubeconfig with a client certificate signed on the spot."""
    from magnumctl.actions.kubeconfigs import merge_into, users_file
    from magnumctl.errors import UsageError

    if merge and out:
        raise UsageError("--merge and --out exclude each other", hint="KUBECONFIG names the file to merge into")
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.credentials import kubeconfig as make
    from magnumctl.actions.credentials import write_private

    text = make(open_recorded(settings(folder, cloud), [name]), name, timedelta(hours=ttl))
    if merge:
        file = users_file(os.environ)
        merge_into(file, text)
        typer.echo(f"{file}: context {name} is the current one", err=True)
    elif out is None:
        typer.echo(text, nl=False)
    else:
        write_private(out, text)


@app.command("docker-env", epilog='Example: eval "$(magnumctl bay docker-env edge)"; docker ps')
def docker_env(
    name: BayName,
    node: Annotated[str | None, typer.Option("--node", metavar="NAME", help="Which node. Default: the first.")] = None,
    shell: Annotated[Shell, typer.Option("--shell", help="Whose words are printed.")] = Shell.bash,
    unset: Annotated[bool, typer.Option("--unset", help="Print what takes the variables away again.")] = False,
    ttl: TTL = 12,
    folder: Folder = HERE,
    cloud: CloudName = None,
) -> None:
    """Print the variables that point the Docker client at a bay's node."""
    from magnumctl.actions.clients import open_recorded
    from magnumctl.actions.credentials import docker_environment

    if unset:
        typer.echo(unsets(shell))
        return
    made = docker_environment(open_recorded(settings(folder, cloud), [name]), name, node, timedelta(hours=ttl))
    typer.echo(exports(shell, made.variables))
