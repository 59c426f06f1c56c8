from __future__ import annotations

from dataclasses import replace

import typer

from magnumctl.view.output import Format

from .confirm import confirm
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
    Yes,
    blueprint,
    settings,
)


def register(app: typer.Typer) -> None:
    app.command("destroy", epilog="Example: magnumctl destroy --bay web --yes")(destroy)


def destroy(
    paths: Blueprints = None,
    bay: BayNames = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    yes: Yes = False,
    folder: Folder = HERE,
    cloud: CloudName = None,
    jobs: Jobs = 4,
    output: Output = Format.text,
) -> int:
    """Destroy the bays named with --bay, else those of the blueprint, after showing what goes and asking."""
    from magnumctl.actions.batch import destroy_bays, plan_destroys
    from magnumctl.actions.clients import open_clients, open_recorded, open_run
    from magnumctl.actions.destroy import bays_to_destroy
    from magnumctl.actions.results import exit_code
    from magnumctl.view.formats import show
    from magnumctl.view.progress import follow
    from magnumctl.view.text import errors, print_report

    wanted = None if bay and not paths else blueprint(paths, folder, var, var_file)
    with follow() as tell:
        own = settings(folder, cloud, jobs)
        clients = open_clients(own, wanted.cloud) if wanted else open_recorded(own, bay or [])
        run = open_run(clients, tell)
        plans, planned = plan_destroys(run, bays_to_destroy(clients, wanted, bay or []))
    print_report(planned, errors())
    if plans:
        confirm("destroy these bays?", yes)
    with follow() as tell:
        report = destroy_bays(replace(run, tell=tell), plans)
    show(report, output)
    return exit_code(report, run.terraform.cancellation)
