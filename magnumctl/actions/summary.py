"""Plans as report rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from magnumctl.coe.contract import Action
from magnumctl.terraform import ResourceChange

from .plan import BayPlan
from .refusals import objections
from .reports import BayPlanRow, NodeCounts, PlanReport, PlanSummary, QuotaRow, ResourceRow, WorkloadRow
from .servers import SERVER


def plan_report(cloud: str, plans: Sequence[BayPlan], quota: Sequence[QuotaRow], warnings: Sequence[str]) -> PlanReport:
    rows = tuple(plan_row(plan) for plan in plans)
    return PlanReport(
        cloud=cloud,
        bays=rows,
        quota=tuple(quota),
        warnings=(*warnings, *(warning for plan in plans for warning in warnings_of(plan))),
        summary=PlanSummary.model_validate(Counter(row.action for row in rows)),
    )


def warnings_of(plan: BayPlan) -> tuple[str, ...]:
    """Of a plan that would be refused too: whoever reads it may still want to know what it would be."""
    return (*plan.warnings, *(f"{error.summary}: apply will refuse this" for error in objections(plan)))


def plan_row(plan: BayPlan) -> BayPlanRow:
    return BayPlanRow(
        name=plan.bay.name,
        action=bay_action(plan),
        changes=resource_rows(plan.infrastructure.changes),
        nodes=node_counts(plan.infrastructure.changes),
        workloads=tuple(
            WorkloadRow(kind=change.kind, name=change.name, action=change.action, reason=change.reason)
            for change in plan.workloads
        ),
        open_rules=plan.compiled.open_rules,
    )


def resource_rows(changes: Sequence[ResourceChange]) -> tuple[ResourceRow, ...]:
    """By address, for Terraform's order is another each time.

    Without what Terraform only keeps in its state to know when to rebuild a node.
    """
    return tuple(
        ResourceRow(address=change.address, action=change.action, reason=change.reason)
        for change in sorted(changes, key=lambda change: change.address)
        if change.action != "none" and change.kind != "terraform_data"
    )


def node_counts(changes: Sequence[ResourceChange]) -> NodeCounts:
    return NodeCounts.model_validate(Counter(c.action for c in changes if c.kind == SERVER and c.action != "none"))


def bay_action(plan: BayPlan) -> Action:
    """A bay of which Terraform knows nothing yet is created; any other change is an update of the bay."""
    if not plan.has_changes:
        return "none"
    return "create" if plan.is_new else "update"
