from __future__ import annotations

import typer

from magnumctl.view.output import Format

from .options import HERE, CloudName, Folder, Output, settings


def register(app: typer.Typer) -> None:
    app.command("doctor", epilog="Example: magnumctl doctor --cloud sandbox")(doctor)


def doctor(folder: Folder = HERE, cloud: CloudName = None, output: Output = Format.text) -> int:
    """Check engine, provider, cloud, credentials and ledger; name the next command for what is missing."""
    from magnumctl.actions.doctor import doctor as examine
    from magnumctl.view.formats import show

    report = examine(settings(folder, cloud))
    show(report, output)
    return 0 if report.is_healthy else 1
