"""All commands. Each imports its action when it runs: `--help` and completion stay quick."""

from __future__ import annotations

from typing import Annotated

import typer

from magnumctl import __version__

from . import (
    apply,
    bay,
    baymodel,
    compile_,
    container,
    demo,
    destroy,
    doctor,
    drift,
    history,
    init,
    node,
    plan,
    pod,
    sandbox,
    schema,
    service,
    state,
    status,
    validate,
)

app = typer.Typer(
    name="magnumctl",
    help="Containers on OpenStack: a blueprint becomes bays, nodes, pods, services and containers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"magnumctl {__version__}")
        raise typer.Exit


@app.callback()
def magnumctl(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Containers on OpenStack: a blueprint becomes bays, nodes, pods, services and containers."""


for command in (
    init,
    validate,
    schema,
    compile_,
    plan,
    apply,
    destroy,
    status,
    drift,
    doctor,
    demo,
    sandbox,
):
    command.register(app)
for noun in (history, bay, baymodel, node, pod, service, container, state):
    app.add_typer(noun.app, name=noun.app.info.name)
