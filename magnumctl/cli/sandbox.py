from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("sandbox", epilog="Example: magnumctl sandbox --port 15000 --clouds-yaml ./clouds.yaml")(sandbox)


def sandbox(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 0,
    clouds_yaml: Annotated[
        Path | None,
        typer.Option(
            "--clouds-yaml",
            metavar="OUT",
            help="Where its clouds.yaml is written. Default: where --cloud sandbox looks.",
        ),
    ] = None,
) -> None:
    """Serve the embedded cloud until Ctrl-C: OpenStack's APIs, and nodes that act on their user-data."""
    from magnumctl.sandbox import serve

    serve(port=port, clouds_yaml_path=clouds_yaml)
