from __future__ import annotations

import typer

from magnumctl.view.output import Format

from .options import HERE, Folder, Output, settings


def register(app: typer.Typer) -> None:
    app.command("init", epilog="Example: magnumctl init -C my-bays")(init)


def init(folder: Folder = HERE, output: Output = Format.text) -> None:
    """Prepare a folder: a first blueprint, .gitignore, and Terraform with its OpenStack provider."""
    from magnumctl.actions.init import init as prepare
    from magnumctl.view.formats import show

    show(prepare(settings(folder, None), lambda line: typer.echo(line, err=True)), output)
