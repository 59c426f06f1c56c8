from __future__ import annotations

import typer

from magnumctl.view.output import Format

from .options import HERE, Blueprints, Folder, Output, VariableFiles, Variables, blueprint


def register(app: typer.Typer) -> None:
    app.command("validate", epilog="Example: magnumctl validate blueprint.yaml")(validate)


def validate(
    paths: Blueprints = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    folder: Folder = HERE,
    output: Output = Format.text,
) -> int:
    """Check a blueprint; every problem is shown with its place. Contacts nobody."""
    from magnumctl.errors import InvalidBlueprintError
    from magnumctl.view.formats import show
    from magnumctl.view.validation import invalid, valid

    try:
        report = valid(blueprint(paths, folder, var, var_file))
    except InvalidBlueprintError as error:
        if output is Format.text:
            error.hint = ""  # it would name this command
            raise
        show(invalid(error), output)
        return error.exit_code
    show(report, output)
    return 0
