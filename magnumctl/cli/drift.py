from __future__ import annotations

import typer

from magnumctl.view.output import Format

from .options import (
    HERE,
    BayNames,
    Blueprints,
    CloudName,
    Folder,
    Jobs,
    Output,
    VariableFiles,
    Variables,
    blueprint,
    settings,
)

DRIFTED = 2


def register(app: typer.Typer) -> None:
    app.command("drift", epilog="Example: magnumctl drift --bay web -o json")(drift)


def drift(
    paths: Blueprints = None,
    bay: BayNames = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    jobs: Jobs = 4,
    output: Output = Format.text,
) -> int:
    """Show what is no longer as the last apply left it. Changes nothing; exits with 2 when something differs.

    Every bay of the workspace is looked at, or those of the blueprints named, or those of --bay.
    """
    from magnumctl.actions.clients import open_recorded, open_run
    from magnumctl.actions.drift import drift as drift_of
    from magnumctl.view.formats import expect, show
    from magnumctl.view.progress import follow

    given = blueprint(paths, folder, var, var_file) if paths else None
    with follow() as tell:
        run = open_run(open_recorded(settings(folder, cloud, jobs), bay or []), tell)
        expect(output)
        report = drift_of(run, given, bay or [])
    show(report, output)
    if report.has_failed:
        return 1
    return DRIFTED if report.has_drift else 0
