"""A plan as people read it."""

from __future__ import annotations

import io

from rich.console import Console

from magnumctl.actions.reports import (
    BayPlanRow,
    NodeCounts,
    PlanReport,
    PlanSummary,
    QuotaRow,
    ResourceRow,
    WorkloadRow,
)
from magnumctl.view.plan import print_plan


def text_of(report: PlanReport) -> list[str]:
    console = Console(file=io.StringIO(), width=120, highlight=False, soft_wrap=True)
    print_plan(report, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_nothing_to_do_is_one_line_a_bay_and_a_verdict() -> None:
    """Unchanged bays take a line each."""
    report = PlanReport(bays=(BayPlanRow(name="web", action="none"),))
    assert text_of(report) == ["= bay web", "no changes"]


def test_only_what_changes_is_shown() -> None:
    """Changes with their reasons, workloads, open rules, what does not fit, warnings, the sum."""
    bay = BayPlanRow(
        name="web",
        action="update",
        changes=(ResourceRow(address='node["workers-0"]', action="replace", reason="image"),),
        nodes=NodeCounts(replace=1),
        workloads=(
            WorkloadRow(kind="pod", name="nginx", action="update", reason="image"),
            WorkloadRow(kind="pod", name="still", action="none"),
        ),
        open_rules=("TCP 6443 from 0.0.0.0/0",),
    )
    report = PlanReport(
        bays=(bay,),
        quota=(QuotaRow(resource="cores", needed=4, free=2, limit=20),),
        warnings=("mind the gap",),
        summary=PlanSummary(update=1),
    )
    assert text_of(report) == [
        "~ bay web  nodes: 1 to replace",
        '    ± node["workers-0"]  (image)',
        "    ~ pod nginx  (image)",
        "    open to the world: TCP 6443 from 0.0.0.0/0",
        "quota: cores: 4 needed, 2 of 20 free",
        "warning: mind the gap",
        "bays: 1 to update",
    ]
