from __future__ import annotations

from typing import Annotated

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

CHANGES_PENDING = 2


def register(app: typer.Typer) -> None:
    app.command("plan", epilog="Example: magnumctl plan blueprint.yaml --bay web -o json")(plan)


def plan(
    paths: Blueprints = None,
    bay: BayNames = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when there are changes.")
    ] = False,
    folder: Folder = HERE,
    cloud: CloudName = None,
    jobs: Jobs = 4,
    output: Output = Format.text,
) -> int:
    """Show what apply would change on the cloud and inside the bays."""
    from magnumctl.actions.batch import plan_bays
    from magnumctl.actions.clients import open_clients, open_run
    from magnumctl.view.formats import expect, show, show_both
    from magnumctl.view.progress import follow

    wanted = blueprint(paths, folder, var, var_file)
    with follow() as tell:
        clients = open_clients(settings(folder, cloud, jobs), wanted.cloud)
        run = open_run(clients, tell)
        expect(output)
        batch = plan_bays(run, wanted, bay or [])
    batch.close()
    if batch.error and output is not Format.text:
        show_both(batch.report, batch.error, output)
        return batch.error.exit_code
    show(batch.report, output)
    if batch.error:
        raise batch.error
    return CHANGES_PENDING if detailed_exitcode and batch.report.has_changes else 0
