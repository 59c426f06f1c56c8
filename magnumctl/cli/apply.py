from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Annotated

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
    settings,
)
from .past import FromHistory, wished


def register(app: typer.Typer) -> None:
    app.command("apply", epilog="Example: magnumctl apply blueprint.yaml --yes")(apply)


def apply(
    paths: Blueprints = None,
    bay: BayNames = None,
    var: Variables = None,
    var_file: VariableFiles = None,
    yes: Yes = False,
    infrastructure_only: Annotated[
        bool,
        typer.Option("--infrastructure-only", help="Build on the cloud; do not wait, do not push."),
    ] = False,
    from_history: FromHistory = None,
    folder: Folder = HERE,
    cloud: CloudName = None,
    jobs: Jobs = 4,
    output: Output = Format.text,
) -> int:
    """Make the bays of the blueprint so, after showing the plan and asking."""
    from magnumctl.actions.apply import apply_bay, apply_infrastructure
    from magnumctl.actions.batch import apply_bays, plan_bays
    from magnumctl.actions.clients import open_clients, open_run
    from magnumctl.actions.fit import refuse_what_does_not_fit
    from magnumctl.actions.results import exit_code
    from magnumctl.view.formats import show
    from magnumctl.view.progress import follow
    from magnumctl.view.text import errors, print_error, print_report

    given = settings(folder, cloud, jobs)
    wanted, names = wished(given, paths, var, var_file, from_history)
    with follow() as tell:
        clients = open_clients(given, wanted.cloud)
        run = open_run(clients, tell)
        batch = plan_bays(run, wanted, bay or names)
    with closing(batch):
        print_report(batch.report, errors())
        if batch.interruption:
            raise batch.interruption
        if batch.error:
            print_error(batch.error)
        refuse_what_does_not_fit(batch.report.quota)
        if batch.plans and batch.report.has_changes:
            confirm("apply this plan?", yes)
        with follow() as tell:
            act = apply_infrastructure if infrastructure_only else apply_bay
            report = apply_bays(replace(run, tell=tell), wanted, batch, act)
    show(report, output)
    return exit_code(report, run.terraform.cancellation)
