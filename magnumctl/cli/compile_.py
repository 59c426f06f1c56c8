from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from magnumctl.view.output import Format

from .options import (
    HERE,
    BayNames,
    Blueprints,
    CloudName,
    Folder,
    Output,
    VariableFiles,
    Variables,
    blueprint,
    settings,
)


def register(app: typer.Typer) -> None:
    app.command("compile", epilog="Example: magnumctl compile blueprint.yaml --out ./terraform")(compile_)


def compile_(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="An empty or new folder.")],
    paths: Blueprints = None,
    bay: BayNames = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Write a folder that plain Terraform plans and applies with the same result. It holds the bays' keys."""
    from magnumctl.actions.clients import open_clients
    from magnumctl.actions.compile import compile_out
    from magnumctl.view.formats import show

    wanted = blueprint(paths, folder, var, var_file)
    clients = open_clients(settings(folder, cloud), wanted.cloud)
    show(compile_out(clients, wanted, bay or [], out), output)
