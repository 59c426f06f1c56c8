"""The bays of a blueprint, several at once: planned together, shown together, applied together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from magnumctl.blueprint.model import Bay, Blueprint
from magnumctl.errors import MagnumctlError, TerraformInterruptedError
from magnumctl.ledger import BayRecord

from .apply import Stopwatch, apply_bay
from .clients import Clients, Run, cloud_of
from .destroy import DestroyPlan, destroy_bay, destroy_report, plan_destroy
from .events import BayEvent, Tell
from .fit import FindFlavor, fit, require_flavors
from .plan import BayPlan, chosen, plan_bay
from .reports import PlanReport, ResultReport
from .results import result_report
from .side_by_side import Outcome, side_by_side
from .status import last_change
from .summary import plan_report

SEVERAL = 2


@dataclass(frozen=True)
class Batch:
    """The plans that were made, and the bays whose planning failed."""

    plans: tuple[BayPlan, ...]
    failed: tuple[Outcome[Bay, BayPlan], ...]
    report: PlanReport

    @property
    def error(self) -> MagnumctlError | None:
        """The error itself when it is the only one or an interruption, else one that names every bay."""
        errors = [outcome.error for outcome in self.failed if outcome.error]
        if self.interruption or len(errors) < SEVERAL:
            return self.interruption or next(iter(errors), None)
        return MagnumctlError(
            f"{len(errors)} bays could not be planned",
            detail="\n".join(f"{o.item.name}: {o.error.summary}" for o in self.failed if o.error),
            hint="--bay NAME plans one alone and says more",
        )

    @property
    def interruption(self) -> TerraformInterruptedError | None:
        errors = (outcome.error for outcome in self.failed)
        return next((error for error in errors if isinstance(error, TerraformInterruptedError)), None)

    def close(self) -> None:
        """Plan files hold secrets: they go when the plan has been shown or applied."""
        for plan in self.plans:
            plan.infrastructure.discard()


def plan_bays(run: Run, blueprint: Blueprint, names: Sequence[str]) -> Batch:
    clients, bays = run.clients, chosen(blueprint, names)
    cloud = cloud_of(clients.identity)
    with ThreadPoolExecutor(max_workers=1) as aside:
        # Asked while Terraform plans, when a bay is new and the answer is needed for sure.
        asked = aside.submit(cloud.quota) if _one_is_new(clients, bays) else None
        outcomes = side_by_side(
            bays, clients.settings.jobs, lambda bay: plan_bay(run, blueprint, bay), run.terraform.cancellation
        )
        find_flavor = cache(cloud.flavor)
        outcomes = tuple(_with_known_flavors(find_flavor, outcome) for outcome in outcomes)
        plans = tuple(outcome.result for outcome in outcomes if outcome.result)
        quota = fit(find_flavor, plans, asked.result if asked else cloud.quota)
    failed = tuple(outcome for outcome in outcomes if outcome.error)
    warnings = (*blueprint.warnings, *_forgotten(clients, blueprint, names))
    report = plan_report(clients.identity.cloud, plans, quota, warnings)
    return Batch(plans, failed, report.model_copy(update={"failed": tuple(outcome.item.name for outcome in failed)}))


def _with_known_flavors(find: FindFlavor, outcome: Outcome[Bay, BayPlan]) -> Outcome[Bay, BayPlan]:
    if outcome.result is None:
        return outcome
    try:
        require_flavors(find, outcome.result)
    except MagnumctlError as error:
        outcome.result.infrastructure.discard()
        return Outcome(outcome.item, outcome.seconds, error=error)
    return outcome


def _one_is_new(clients: Clients, bays: Sequence[Bay]) -> bool:
    standing = {record.name for record in clients.bays() if clients.ledger.nodes(record.uuid)}
    return any(bay.name not in standing for bay in bays)


def _forgotten(clients: Clients, blueprint: Blueprint, names: Sequence[str]) -> tuple[str, ...]:
    """Bays that stand but are not in this blueprint are named, never destroyed: it may be one file of several."""
    if names:
        return ()
    known = {bay.name for bay in blueprint.bays}
    return tuple(
        f"bay {record.name} stands but is not in this blueprint: magnumctl destroy --bay {record.name}"
        for record in clients.bays()
        if record.name not in known and last_change(clients, record) != "planned"
    )


Apply = Callable[[Run, Blueprint, BayPlan], Stopwatch]


def apply_bays(run: Run, blueprint: Blueprint, batch: Batch, apply: Apply = apply_bay) -> ResultReport:
    def work(plan: BayPlan) -> Stopwatch:
        keep_protection(run.clients, plan)
        if not plan.has_changes and last_change(run.clients, plan.record) == "ready":
            return Stopwatch()
        return _told(plan.bay.name, run.tell, lambda: apply(run, blueprint, plan))

    outcomes = side_by_side(batch.plans, run.clients.settings.jobs, work, run.terraform.cancellation)
    unplanned = (Outcome[str, Stopwatch](each.item.name, each.seconds, error=each.error) for each in batch.failed)
    applied = (Outcome(each.item.bay.name, each.seconds, each.result, each.error) for each in outcomes)
    return result_report(run.clients.identity.cloud, (*applied, *unplanned), str)


def keep_protection(clients: Clients, plan: BayPlan) -> None:
    """What the blueprint says of it counts from now on, also when there is nothing to change."""
    if clients.bay(plan.bay.name).protect != plan.bay.protect:
        clients.ledger.record_bay(plan.record)


def plan_destroys(run: Run, records: Sequence[BayRecord]) -> tuple[tuple[DestroyPlan, ...], PlanReport]:
    """Raises the first error: half a list of what will be destroyed must not be confirmed."""
    outcomes = side_by_side(
        records,
        run.clients.settings.jobs,
        lambda record: plan_destroy(run, record),
        run.terraform.cancellation,
    )
    for outcome in outcomes:
        if outcome.error:
            raise outcome.error
    plans = tuple(outcome.result for outcome in outcomes if outcome.result)
    return plans, destroy_report(run.clients.identity.cloud, plans, ())


def destroy_bays(run: Run, plans: Sequence[DestroyPlan]) -> ResultReport:
    def work(plan: DestroyPlan) -> Stopwatch:
        return _told(plan.record.name, run.tell, lambda: destroy_bay(run, plan))

    outcomes = side_by_side(plans, run.clients.settings.jobs, work, run.terraform.cancellation)
    return result_report(run.clients.identity.cloud, outcomes, lambda plan: plan.record.name)


def _told(bay: str, tell: Tell, work: Callable[[], Stopwatch]) -> Stopwatch:
    """The end of each bay is told when it comes, not when the slowest has ended."""
    try:
        watch = work()
    except MagnumctlError as error:
        tell(BayEvent(bay, "failed", error.summary))
        raise
    tell(BayEvent(bay, "done", "done"))
    return watch
