"""The options that several commands share, and what they mean together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from magnumctl.view.output import Format

from .completion import bays

if TYPE_CHECKING:
    from magnumctl.actions.clients import Settings
    from magnumctl.blueprint.model import Blueprint

Blueprints = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[BLUEPRINT|DIR]...", help="Blueprint files, or folders of them. Default: the workspace."),
]
BayNames = Annotated[
    list[str] | None, typer.Option("--bay", metavar="NAME", help="Only this bay; repeatable.", autocompletion=bays)
]
BayName = Annotated[str, typer.Argument(metavar="BAY", help="Name of the bay.", autocompletion=bays)]
Variables = Annotated[
    list[str] | None,
    typer.Option("--var", metavar="NAME=VALUE", help="A variable of the blueprint; repeatable."),
]
VariableFiles = Annotated[
    list[Path] | None,
    typer.Option("--var-file", metavar="FILE", help="YAML or JSON file of variables; repeatable."),
]
Folder = Annotated[
    Path,
    typer.Option("--chdir", "-C", metavar="DIR", help="The workspace: its .magnumctl/ holds ledger and state."),
]
CloudName = Annotated[
    str | None,
    typer.Option("--cloud", metavar="NAME", help="Entry of clouds.yaml. Default: OS_CLOUD, else the blueprint's."),
]
Output = Annotated[Format, typer.Option("--output", "-o", help="How the report is written.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="How many bays at once.")]

HERE = Path()


def settings(folder: Path, cloud: str | None, jobs: int = 4) -> Settings:
    from magnumctl.actions.clients import Settings

    return Settings(folder=folder, cloud=cloud, environ=dict(os.environ), jobs=jobs)


def blueprint(
    paths: list[Path] | None, folder: Path, variables: list[str] | None, files: list[Path] | None
) -> Blueprint:
    """The blueprint that the command line names; InvalidBlueprintError, or UsageError for a `--var` without a value."""
    from magnumctl.blueprint import load

    return load(paths or [folder], _pairs(variables or []), files or [])


def _pairs(words: list[str]) -> dict[str, str]:
    from magnumctl.errors import UsageError

    pairs = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise UsageError(f"--var {word} has no value", hint="--var name=value")
        pairs[name] = value
    return pairs
