from __future__ import annotations

import json
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("schema", epilog="Example: magnumctl schema > blueprint.schema.json; magnumctl schema bay list")(schema)


def schema(
    command: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[COMMAND]...", help="Of what this command prints with -o json; `error`: when it fails."
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of blueprints, for editors, or of a command's report, for scripts."""
    if command:
        from magnumctl.actions.schemas import report_schema

        typer.echo(json.dumps(report_schema(" ".join(command)), indent=2))
        return
    from magnumctl.blueprint import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))
