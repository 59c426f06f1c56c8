"""A refusal of the API server as the error that names the pod or service of the blueprint."""

from __future__ import annotations

import re

from magnumctl.errors import WorkloadRejectedError
from magnumctl.manifests import KubernetesObject

from .refusal import Cause, Refused

OTHER_MANAGER = re.compile(r'conflict with "([^"]+)"')


def rejected(bay: str, wish: KubernetesObject, refused: Refused) -> WorkloadRejectedError:
    summary = f"bay {bay}: {wish.kind} {wish.name} was refused ({wish.object_kind} {wish.object_name})"
    if refused.kind == "conflict":
        return WorkloadRejectedError(
            summary,
            detail="\n".join(owned(cause) for cause in refused.causes),
            hint="leave these fields to it, out of the blueprint, or change them back with it",
        )
    return WorkloadRejectedError(summary, detail=refused.message, hint=hint_for(wish, refused))


def owned(cause: Cause) -> str:
    return f"{cause.field.lstrip('.')} was set by {manager_of(cause)}"


def manager_of(cause: Cause) -> str:
    other = OTHER_MANAGER.search(cause.message)
    return other.group(1) if other else cause.message


def hint_for(wish: KubernetesObject, refused: Refused) -> str:
    if refused.kind == "missing" and "namespaces" in refused.message:
        return "declare the namespace in a manifest, or make it with kubectl create namespace"
    return f"magnumctl plan, after changing {wish.kind} {wish.name} in the blueprint"


def foreign(bay: str, wish: KubernetesObject) -> WorkloadRejectedError:
    return WorkloadRejectedError(
        f"bay {bay}: {wish.kind} {wish.name} was refused ({wish.object_kind} {wish.object_name})",
        detail=f"the bay holds a {wish.object_kind} of this name that magnumctl did not make",
        hint=f"delete it with kubectl, or give {wish.kind} {wish.name} another name",
    )
