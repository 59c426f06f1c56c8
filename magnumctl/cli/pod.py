from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from magnumctl.view.output import Format

from . import exec_
from .completion import pods
from .options import HERE, BayNames, CloudName, Folder, Jobs, Output, Yes, settings
from .workload import Follow, OneBay, Since, Tail, confirm_deletion, found, log_wish, show_deed

app = typer.Typer(name="pod", help="The pods of Kubernetes bays.", no_args_is_help=True)
PodName = Annotated[
    str,
    typer.Argument(
        metavar="POD", help="Its name in the blueprint; or Kubernetes' name of one of a set.", autocompletion=pods
    ),
]
PodContainer = Annotated[str | None, typer.Option("--container", "-c", metavar="NAME", help="Only this container.")]
Previous = Annotated[bool, typer.Option("--previous", "-p", help="Of the run before the last restart.")]


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


@app.command(epilog="Example: magnumctl pod show nginx")
def show(
    name: PodName, bay: OneBay = None, folder: Folder = HERE, cloud: CloudName = None, output: Output = Format.text
) -> None:
    """Show what a pod is made of, each of its pods and containers, and the last events."""
    from magnumctl.actions.pods import show_pod
    from magnumctl.view.formats import show as show_report

    show_report(show_pod(*found("pod", name, bay, folder, cloud)), output)


@app.command(epilog="Example: magnumctl pod logs nginx --follow --since 10m")
def logs(
    name: PodName,
    follow: Follow = False,
    since: Since = None,
    tail: Tail = None,
    container: PodContainer = None,
    previous: Previous = False,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
) -> None:
    """Print the log of a pod; of all pods of a set, each line behind its pod's name."""
    from magnumctl.actions.pods import pod_logs

    from .streams import print_logs

    wish = replace(log_wish(since, tail, follow=follow), container=container, previous=previous)
    print_logs(pod_logs(*found("pod", name, bay, folder, cloud), wish), follow=follow)


@app.command("exec", epilog="Example: magnumctl pod exec -it nginx -- sh")
def exec_in_pod(
    name: PodName,
    command: exec_.Command,
    interactive: exec_.Interactive = False,
    terminal: exec_.Terminal = False,
    container: PodContainer = None,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
) -> int:
    """Run a command in a pod (of a set: in one that is ready); its exit code is passed on."""
    from magnumctl.actions.pods import pod_exec

    wish = exec_.wished(command, container, interactive=interactive, terminal=terminal)
    clients, named = found("pod", name, bay, folder, cloud)
    return exec_.run(lambda wish: pod_exec(clients, named, wish), wish)


@app.command(epilog="Example: magnumctl pod delete nginx --yes")
def delete(
    name: PodName,
    yes: Yes = False,
    bay: OneBay = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Delete a pod after asking; what the blueprint still has comes back with the next apply."""
    from magnumctl.actions.pods import delete_pod

    clients, named = found("pod", name, bay, folder, cloud)
    confirm_deletion(named, yes)
    show_deed(delete_pod(clients, named), output)
