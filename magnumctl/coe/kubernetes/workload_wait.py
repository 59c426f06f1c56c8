"""Waiting until the wished pods and services are ready."""

from __future__ import annotations

from collections.abc import Sequence

from magnumctl.coe.contract import Pause, WorkloadStatus
from magnumctl.coe.patience import Patience
from magnumctl.errors import CoeUnreachableError
from magnumctl.manifests import KubernetesObject

from .objects import Objects
from .refusal import Refused
from .statuses import Name, Seen, seen

POLL_SECONDS = 0.5


def wait_for_workloads(objects: Objects, wishes: Sequence[KubernetesObject], patience: Patience, pause: Pause) -> None:
    while True:
        try:
            found = wished(objects, wishes)
        except (CoeUnreachableError, Refused) as exc:
            patience.try_again(exc)
        else:
            if patience.is_over([(each.status, each.patience) for each in found]):
                return
        pause(POLL_SECONDS)


def wished(objects: Objects, wishes: Sequence[KubernetesObject]) -> list[Seen]:
    keys = {objects.key_of(wish) for wish in wishes}
    lives = objects.of_kinds(tuple(dict.fromkeys(objects.resource_of(wish) for wish in wishes)))
    found = {name_of(each): each for each in seen(objects, [live for live in lives if live.key in keys])}
    absent = {objects.key_of(wish) for wish in wishes} - {live.key for live in lives}
    incomplete: dict[Name, None] = {(wish.kind, wish.name): None for wish in wishes if objects.key_of(wish) in absent}
    return [*(each for name, each in found.items() if name not in incomplete), *map(missing, incomplete)]


def name_of(each: Seen) -> Name:
    return each.status.kind, each.status.name


def missing(name: Name) -> Seen:
    return Seen(WorkloadStatus(*name, "missing", "the bay does not hold it"), 0.0)
