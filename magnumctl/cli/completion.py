"""What Tab offers: names from the ledger of the workspace, asked of nobody else."""

from __future__ import annotations

from pathlib import Path

import typer

from magnumctl.known_names import Kind, known_names


def bays(context: typer.Context, incomplete: str) -> list[str]:
    return _beginning(incomplete, known_names(_workspace(context), "bay"))


def nodes(context: typer.Context, incomplete: str) -> list[str]:
    return _in_bay(context, "node", incomplete)


def pods(context: typer.Context, incomplete: str) -> list[str]:
    return _in_bay(context, "pod", incomplete)


def services(context: typer.Context, incomplete: str) -> list[str]:
    return _in_bay(context, "service", incomplete)


def containers(context: typer.Context, incomplete: str) -> list[str]:
    return _in_bay(context, "container", incomplete)


def _in_bay(context: typer.Context, kind: Kind, incomplete: str) -> list[str]:
    """Of the bay that `--bay` names, if it stands on the line already."""
    return _beginning(incomplete, known_names(_workspace(context), kind, context.params.get("bay") or None))


def _workspace(context: typer.Context) -> Path:
    return Path(context.params.get("folder") or ".")


def _beginning(incomplete: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
