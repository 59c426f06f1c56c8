"""What cannot change in place, in the words of the API server."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import Cause, invalid
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.objects import at, name_of

POD_FIELDS = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)
STATEFUL_FIELDS = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy',"
    " 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)
STATEFUL_CHANGEABLE = frozenset(
    {"replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
     "persistentVolumeClaimRetentionPolicy", "minReadySeconds"}
)  # fmt: skip

Causes = Iterator[Cause]


def check_change(kind: Kind, before: Json, after: Json) -> None:
    if kind.custom:
        return
    causes = list(CHECKS.get(kind.kind, _nothing)(before, after))
    if causes:
        raise invalid(kind, name_of(after), causes)


def _nothing(_before: Json, _after: Json) -> Causes:
    return iter(())


def fixed(path: str, before: Json, after: Json, why: str = "field is immutable") -> Causes:
    old, new = at(before, path), at(after, path)
    if old != new:
        shown = json.dumps(new, separators=(",", ":"))
        yield Cause("FieldValueInvalid", f"Invalid value: {shown}: {why}", path)


def forbidden(field: str, why: str) -> Cause:
    return Cause("FieldValueForbidden", f"Forbidden: {why}", field)


def _selector(before: Json, after: Json) -> Causes:
    return fixed("spec.selector", before, after)


def _pod(before: Json, after: Json) -> Causes:
    if _steady_pod(before["spec"]) != _steady_pod(after["spec"]):
        yield forbidden("spec", POD_FIELDS)


def _steady_pod(spec: Json) -> Any:
    steady = copy.deepcopy(spec)
    for name in ("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "nodeName"):
        steady.pop(name, None)
    for container in [*(steady.get("containers") or ()), *(steady.get("initContainers") or ())]:
        container.pop("image", None)
    return steady


def _stateful_set(before: Json, after: Json) -> Causes:
    names = {*before["spec"], *after["spec"]} - STATEFUL_CHANGEABLE
    if any(before["spec"].get(name) != after["spec"].get(name) for name in names):
        yield forbidden("spec", STATEFUL_FIELDS)


def _job(before: Json, after: Json) -> Causes:
    yield from fixed("spec.completions", before, after)
    yield from _selector(before, after)
    yield from fixed("spec.template", before, after)


def _service(before: Json, after: Json) -> Causes:
    was, becomes = at(before, "spec.clusterIP", ""), at(after, "spec.clusterIP", "")
    both = {before["spec"].get("type"), after["spec"].get("type")}
    if was and becomes != was and "ExternalName" not in both:
        why = "may not change once set"
        yield Cause("FieldValueInvalid", f'Invalid value: ["{becomes}"]: {why}', "spec.clusterIPs[0]")


def _sealed(before: Json, after: Json) -> Causes:
    if before.get("immutable") and any(before.get(name) != after.get(name) for name in ("data", "immutable")):
        yield forbidden("data", "field is immutable when `immutable` is set")
    yield from fixed("type", before, after)


def _binding(before: Json, after: Json) -> Causes:
    return fixed("roleRef", before, after, "cannot change roleRef")


CHECKS: Mapping[str, Callable[[Json, Json], Causes]] = {
    "Deployment": _selector, "ReplicaSet": _selector, "DaemonSet": _selector, "StatefulSet": _stateful_set,
    "Pod": _pod, "Job": _job, "Service": _service, "Secret": _sealed, "ConfigMap": _sealed,
    "RoleBinding": _binding, "ClusterRoleBinding": _binding,
}  # fmt: skip
