from __future__ import annotations

import json

import typer


def register(app: typer.Typer) -> None:
    app.command("schema", epilog="Example: magnumctl schema > blueprint.schema.json")(schema)


def schema() -> None:
    """Print the JSON Schema of blueprints, for editors."""
    from magnumctl.blueprint import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))
