"""What others have done to the objects of a bay since they were pushed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from magnumctl.coe.contract import WorkloadDrift
from magnumctl.coe.parallel import in_parallel
from magnumctl.errors import WorkloadRejectedError
from magnumctl.manifests import KubernetesObject

from .changed_fields import changed_fields
from .objects import Live, Objects
from .refusal import Cause, Refused
from .rejection import manager_of, owned
from .steps import Living, living_objects, step_of


def drift(objects: Objects, wishes: Sequence[KubernetesObject]) -> tuple[WorkloadDrift, ...]:
    living = living_objects(objects, wishes)
    found = in_parallel(lambda wish: tuple(drift_of(objects, wish, living)), wishes)
    wished = {objects.key_of(wish) for wish in wishes}
    added = (live for key, live in living.objects.items() if key not in wished and not live.is_going)
    return (*(each for drifts in found for each in drifts), *map(addition, added))


def drift_of(objects: Objects, wish: KubernetesObject, living: Living) -> Iterator[WorkloadDrift]:
    changed = partial(WorkloadDrift, wish.kind, wish.name, "changed")
    try:
        step = step_of(objects, wish, living)
    except WorkloadRejectedError as exc:
        yield changed(exc.detail)
        return
    if step.action == "create":
        yield WorkloadDrift(wish.kind, wish.name, "deleted", step.reason or f"{wish.object_kind} {wish.object_name}")
    elif step.action != "none":
        yield changed(step.reason)
    elif step.live:
        yield from differences(objects, wish, step.live)


def differences(objects: Objects, wish: KubernetesObject, live: Live) -> Iterator[WorkloadDrift]:
    """The digest says that nothing new is wished, so whatever a rehearsal would change, somebody has changed."""
    try:
        fields = changed_fields(live.body, objects.rehearse(wish))
    except Refused as exc:
        if exc.kind != "conflict":
            raise
        yield from (conflict(wish, cause) for cause in exc.causes)
        return
    if fields:
        yield WorkloadDrift(wish.kind, wish.name, "changed", f"{live.reference}: {', '.join(fields)}")


def conflict(wish: KubernetesObject, cause: Cause) -> WorkloadDrift:
    message = f"{wish.object_kind}/{wish.object_name}: {owned(cause)}"
    return WorkloadDrift(wish.kind, wish.name, "changed", message, manager_of(cause))


def addition(live: Live) -> WorkloadDrift:
    return WorkloadDrift(live.kind, live.name, "added", f"{live.reference} has this bay's mark and is not pushed by us")
