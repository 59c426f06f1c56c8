"""Steps done, in the order that Kubernetes can take them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tenacity import Retrying, retry_if_exception, retry_if_result, stop_after_delay, wait_fixed

from magnumctl.coe.contract import Pushed, Report
from magnumctl.coe.parallel import in_parallel
from magnumctl.errors import CoeUnreachableError, WorkloadRejectedError
from magnumctl.manifests import KubernetesObject
from magnumctl.manifests.marks import digest_of

from .objects import Live, Objects, reference_of
from .planning import name_of
from .refusal import Refused
from .rejection import rejected
from .steps import DEFINITION, Step, kinds_defined

PATIENCE_SECONDS = 30.0
GOING_SECONDS = 120.0
"""A pod has 30 s to end by itself, and its node may be slow to say so."""
DEFINITION_SECONDS = 15.0
EARLY = (
    frozenset({"Namespace"}),
    frozenset({DEFINITION}),
    frozenset({
        "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "ConfigMap", "Secret", "Service",
        "StorageClass", "PersistentVolume", "PersistentVolumeClaim", "PriorityClass", "ResourceQuota", "LimitRange",
        "NetworkPolicy",
    }),
)  # fmt: skip
"""What others refer to, earliest first; everything else comes after."""


def push(objects: Objects, steps: Sequence[Step], report: Report) -> tuple[Pushed, ...]:
    wished = [step for step in steps if step.wish]
    for stage in range(len(EARLY) + 1):
        now = [step for step in wished if stage_of(step) == stage]
        in_parallel(partial(do, objects, report), now)
        wait_until_known(objects, kinds_defined([step.wish for step in now if step.wish and step.action != "none"]))
    in_parallel(partial(do, objects, report), [step for step in steps if not step.wish])
    return pushed(objects, [step.wish for step in steps if step.wish])


def wait_until_known(objects: Objects, kinds: Sequence[tuple[str, str]]) -> None:
    """A moment passes between a definition and its kind. One that never comes is refused where it is used."""
    Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_delay(DEFINITION_SECONDS),
        wait=wait_fixed(0.2),
        retry_error_callback=lambda _: None,
    )(lambda: unknown(objects, kinds))


def unknown(objects: Objects, kinds: Sequence[tuple[str, str]]) -> bool:
    if kinds:
        objects.forget_resources()
    return any(objects.find(api_version, kind) is None for api_version, kind in kinds)


def stage_of(step: Step) -> int:
    kind = step.wish.object_kind if step.wish else ""
    return next((stage for stage, kinds in enumerate(EARLY) if kind in kinds), len(EARLY))


def do(objects: Objects, report: Report, step: Step) -> None:
    if step.action == "none":
        return
    if step.live and (step.action in {"replace", "delete"}):
        objects.delete(step.live)
    if step.live and step.wish and (step.live.is_going or step.action == "replace"):
        wait_until_gone(objects, step.live)
    if step.wish:
        apply(objects, step.wish)
    kind, name = name_of(step)
    reference = reference_of(objects.key_of(step.wish)) if step.wish else step.live.reference if step.live else ""
    report(f"{kind} {name}: {step.action}d {reference}")


def apply(objects: Objects, wish: KubernetesObject) -> None:
    try:
        patiently(lambda: objects.apply(wish))
    except Refused as exc:
        raise rejected(objects.api.bay, wish, exc) from exc


def patiently(work: Callable[[], Any]) -> None:
    """Apply may be repeated: it says what shall be, not what to do."""
    Retrying(
        retry=retry_if_exception(is_passing),
        stop=stop_after_delay(PATIENCE_SECONDS),
        wait=wait_fixed(0.5),
        reraise=True,
    )(work)


def is_passing(exc: BaseException) -> bool:
    return isinstance(exc, CoeUnreachableError) or (isinstance(exc, Refused) and exc.kind == "passing")


def wait_until_gone(objects: Objects, live: Live) -> None:
    Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_delay(GOING_SECONDS),
        wait=wait_fixed(0.3),
        retry_error_callback=lambda _: still_there(objects, live),
    )(lambda: exists(objects, live))


def exists(objects: Objects, live: Live) -> bool:
    try:
        return bool(objects.api.get(live.path)["metadata"]["uid"] == live.metadata["uid"])
    except Refused as exc:
        if exc.kind == "missing":
            return False
        raise


def still_there(objects: Objects, live: Live) -> None:
    raise WorkloadRejectedError(
        f"bay {objects.api.bay}: {live.kind} {live.name} cannot be made anew",
        detail=f"{live.reference} was deleted {GOING_SECONDS:.0f} s ago and is still there",
        hint=f"kubectl describe {live.reference.replace('/', ' ', 1)}",
    )


def pushed(objects: Objects, wishes: Sequence[KubernetesObject]) -> tuple[Pushed, ...]:
    """One for each pod and service."""
    grouped: dict[tuple[str, str], list[KubernetesObject]] = {}
    for wish in wishes:
        grouped.setdefault((wish.kind, wish.name), []).append(wish)
    return tuple(pushed_together(objects, parts) for parts in grouped.values())


def pushed_together(objects: Objects, parts: Sequence[KubernetesObject]) -> Pushed:
    references = ", ".join(reference_of(objects.key_of(wish)) for wish in parts)
    digests = {reference_of(objects.key_of(wish)): wish.digest for wish in parts}
    digest = parts[0].digest if len(parts) == 1 else digest_of(digests)
    return Pushed(parts[0].kind, parts[0].name, digest, references)
