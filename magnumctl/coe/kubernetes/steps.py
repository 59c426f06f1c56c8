"""What must happen to each object so that a bay holds the wishes and nothing else of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from magnumctl.coe.contract import Action
from magnumctl.coe.parallel import in_parallel
from magnumctl.manifests import KubernetesObject

from .changed_fields import changed_fields
from .objects import Key, Live, Objects
from .refusal import Refused
from .rejection import foreign, rejected

DEFINITION = "CustomResourceDefinition"
GOING = "the old one is being deleted"


@dataclass(frozen=True)
class Step:
    """`wish` is None for what is deleted, `live` None for what is not there yet."""

    action: Action
    reason: str
    wish: KubernetesObject | None
    live: Live | None


@dataclass(frozen=True)
class Living:
    """What of ours is in the bay, and the kinds that the wishes bring along."""

    objects: Mapping[Key, Live]
    promised: frozenset[tuple[str, str]]


def living_objects(objects: Objects, wishes: Sequence[KubernetesObject]) -> Living:
    return Living({live.key: live for live in objects.inventory()}, frozenset(kinds_defined(wishes)))


def steps(objects: Objects, wishes: Sequence[KubernetesObject]) -> tuple[Step, ...]:
    """The wishes' in their order, then the deletions; WorkloadRejectedError for a wish that would be refused."""
    living = living_objects(objects, wishes)
    wished = in_parallel(lambda wish: step_of(objects, wish, living), wishes)
    kept = {step.live.key for step in wished if step.live}
    gone = [live for key, live in living.objects.items() if key not in kept and not live.is_going]
    return (*wished, *(Step("delete", "the blueprint no longer has it", None, live) for live in gone))


def kinds_defined(wishes: Iterable[KubernetesObject]) -> tuple[tuple[str, str], ...]:
    """Version and name of every kind that the wishes bring along."""
    specs = [wish.body["spec"] for wish in wishes if wish.object_kind == DEFINITION]
    return tuple(
        (f"{spec['group']}/{version['name']}", spec["names"]["kind"])
        for spec in specs
        for version in spec["versions"]
        if version.get("served")
    )


def step_of(objects: Objects, wish: KubernetesObject, living: Living) -> Step:
    kind = (wish.api_version, wish.object_kind)
    if kind in living.promised and objects.find(*kind) is None:
        return Step("create", "", wish, None)
    live = living.objects.get(objects.key_of(wish))
    if live is None:
        return creation(objects, wish)
    if live.is_going:
        return Step("create", GOING, wish, live)
    if live.digest == wish.digest:
        return Step("none", "", wish, live)
    return alteration(objects, wish, live)


def creation(objects: Objects, wish: KubernetesObject) -> Step:
    found = objects.read(wish)
    if found is None:
        return Step("create", "", wish, None)
    if "deletionTimestamp" in found["metadata"]:
        return Step("create", GOING, wish, Live(objects.resource_of(wish), found))
    raise foreign(objects.api.bay, wish)


def alteration(objects: Objects, wish: KubernetesObject, live: Live) -> Step:
    """In place if the server would take it so."""
    try:
        rehearsed = objects.rehearse(wish)
    except Refused as exc:
        if exc.kind == "immutable":
            fields = ", ".join(dict.fromkeys(cause.field for cause in exc.causes if cause.field))
            return Step("replace", f"{fields or 'the object'} cannot change in place", wish, live)
        raise rejected(objects.api.bay, wish, exc) from exc
    return Step("update", ", ".join(changed_fields(live.body, rehearsed)), wish, live)
