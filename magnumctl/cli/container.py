from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from magnumctl.view.output import Format

from . import exec_
from .completion import containers
from .options import HERE, BayNames, CloudName, Folder, Jobs, Output, Yes, settings
from .workload import Follow, OneBay, Since, Tail, confirm_deletion, found, log_wish, show_deed

if TYPE_CHECKING:
    from magnumctl.actions.containers import Verb

app = typer.Typer(name="container", help="The containers of Docker bays.", no_args_is_help=True)
ContainerName = Annotated[
    str, typer.Argument(metavar="CONTAINER", help="Its name in the blueprint.", autocompletion=containers)
]


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


@app.command(epilog="Example: magnumctl container show cache")
def show(
    name: ContainerName,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Show one container: its node, its state, its ports."""
    from magnumctl.actions.containers import show_container
    from magnumctl.view.formats import show as show_report

    show_report(show_container(*found("container", name, bay, folder, cloud)), output)


@app.command(epilog="Example: magnumctl container start cache")
def start(
    name: ContainerName,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Start a container, and see that it stays up."""
    _do("start", name, bay, folder, cloud, output)


@app.command(epilog="Example: magnumctl container stop cache")
def stop(
    name: ContainerName,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Stop a container. It stays stopped, through every apply, until it is started by hand."""
    _do("stop", name, bay, folder, cloud, output)


@app.command(epilog="Example: magnumctl container reboot cache")
def reboot(
    name: ContainerName,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Stop a container and start it again."""
    _do("reboot", name, bay, folder, cloud, output)


@app.command(epilog="Example: magnumctl container pause cache")
def pause(
    name: ContainerName,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Freeze the processes of a container, until it is unpaused by hand."""
    _do("pause", name, bay, folder, cloud, output)


@app.command(epilog="Example: magnumctl container unpause cache")
def unpause(
    name: ContainerName,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Let a paused container go on."""
    _do("unpause", name, bay, folder, cloud, output)


def _do(verb: Verb, name: str, bay: str | None, folder: Path, cloud: str | None, output: Format) -> None:
    from magnumctl.actions.containers import do_to_container

    show_deed(do_to_container(*found("container", name, bay, folder, cloud), verb), output)


@app.command(epilog="Example: magnumctl container logs cache --follow --tail 20")
def logs(
    name: ContainerName,
    follow: Follow = False,
    since: Since = None,
    tail: Tail = None,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
) -> None:
    """Print the log of a container."""
    from magnumctl.actions.containers import container_logs

    from .streams import print_logs

    wish = log_wish(since, tail, follow=follow)
    print_logs(container_logs(*found("container", name, bay, folder, cloud), wish), follow=follow)


@app.command("exec", epilog="Example: magnumctl container exec -it cache -- redis-cli")
def exec_in_container(
    name: ContainerName,
    command: exec_.Command,
    interactive: exec_.Interactive = False,
    terminal: exec_.Terminal = False,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
) -> int:
    """Run a command in a container; its exit code is passed on."""
    from magnumctl.actions.containers import container_exec

    wish = exec_.wished(command, None, interactive=interactive, terminal=terminal)
    clients, named = found("container", name, bay, folder, cloud)
    return exec_.run(lambda wish: container_exec(clients, named, wish), wish)


@app.command(epilog="Example: magnumctl container delete cache --yes")
def delete(
    name: ContainerName,
    yes: Yes = False,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Delete a container after asking; what the blueprint still has comes back with the next apply."""
    from magnumctl.actions.containers import delete_container

    clients, named = found("container", name, bay, folder, cloud)
    confirm_deletion(named, yes)
    show_deed(delete_container(clients, named), output)
