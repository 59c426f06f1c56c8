from __future__ import annotations

from typing import Annotated

import typer

from magnumctl.view.output import Format

from .options import HERE, Blueprints, CloudName, Folder, Output, VariableFiles, Variables, blueprint, settings

app = typer.Typer(name="baymodel", help="The baymodels: templates of bays.", no_args_is_help=True)
BaymodelName = Annotated[str, typer.Argument(metavar="BAYMODEL", help="Its name in the blueprint.")]


@app.callback()
def baymodel() -> None:
    """The baymodels: templates of bays."""


@app.command("list", epilog="Example: magnumctl baymodel list blueprint.yaml")
def list_(
    paths: Blueprints = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    folder: Folder = HERE,
    output: Output = Format.text,
) -> None:
    """List the baymodels of a blueprint and the bays that use them. Contacts nobody."""
    from magnumctl.actions.baymodels import baymodel_list
    from magnumctl.view.formats import show as show_report

    show_report(baymodel_list(blueprint(paths, folder, var, var_file)), output)


@app.command(epilog="Example: magnumctl baymodel show docker-small blueprint.yaml")
def show(
    name: BaymodelName,
    paths: Blueprints = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    output: Output = Format.text,
) -> None:
    """Show what the bays of a baymodel would really get: defaults filled in, names with the cloud's ids."""
    from magnumctl.actions.baymodels import baymodel_show
    from magnumctl.actions.clients import open_clients
    from magnumctl.view.formats import show as show_report

    wanted = blueprint(paths, folder, var, var_file)
    show_report(baymodel_show(open_clients(settings(folder, cloud), wanted.cloud), wanted, name), output)
