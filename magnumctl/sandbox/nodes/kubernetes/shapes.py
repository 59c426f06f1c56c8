"""Types of the fields that people get wrong, and the fields that the commonest kinds have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError, bad_request
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.objects import namespace_of
from magnumctl.sandbox.nodes.kubernetes.schema import Names, is_keyed, item_key

NUMBERS = frozenset(
    {"replicas", "containerPort", "hostPort", "nodePort", "terminationGracePeriodSeconds", "parallelism", "completions"}
)
TEXTS = frozenset({"image", "name", "namespace", "restartPolicy", "clusterIP", "nodeName", "serviceAccountName"})
TEXT_MAPS = frozenset({"labels", "annotations", "matchLabels", "nodeSelector"})
LISTS = frozenset({"containers", "initContainers", "env", "volumes", "ports", "command", "args", "volumeMounts"})
FREE = frozenset({"data", "stringData", "binaryData", "labels", "annotations", "managedFields", "rules", "parameters"})

TOP = frozenset({"apiVersion", "kind", "metadata", "spec", "status"})
POD = frozenset(
    {
        "containers", "initContainers", "ephemeralContainers", "volumes", "restartPolicy",
        "terminationGracePeriodSeconds", "dnsPolicy", "nodeSelector", "serviceAccountName", "serviceAccount",
        "nodeName", "hostNetwork", "hostPID", "hostIPC", "securityContext", "imagePullSecrets", "hostname",
        "subdomain", "affinity", "schedulerName", "tolerations", "hostAliases", "priorityClassName", "priority",
        "dnsConfig", "readinessGates", "runtimeClassName", "enableServiceLinks", "preemptionPolicy", "overhead",
        "topologySpreadConstraints", "setHostnameAsFQDN", "os", "hostUsers", "schedulingGates", "resourceClaims",
        "resources", "activeDeadlineSeconds", "automountServiceAccountToken", "shareProcessNamespace",
    }
)  # fmt: skip
CONTAINER = frozenset(
    {
        "name", "image", "command", "args", "workingDir", "ports", "envFrom", "env", "resources", "resizePolicy",
        "restartPolicy", "volumeMounts", "volumeDevices", "livenessProbe", "readinessProbe", "startupProbe",
        "lifecycle", "terminationMessagePath", "terminationMessagePolicy", "imagePullPolicy", "securityContext",
        "stdin", "stdinOnce", "tty", "targetContainerName",
    }
)  # fmt: skip
DEPLOYMENT = frozenset(
    {
        "replicas", "selector", "template", "strategy", "minReadySeconds", "revisionHistoryLimit", "paused",
        "progressDeadlineSeconds",
    }
)  # fmt: skip
SERVICE = frozenset(
    {
        "ports", "selector", "clusterIP", "clusterIPs", "type", "externalIPs", "sessionAffinity",
        "loadBalancerIP", "loadBalancerSourceRanges", "externalName", "externalTrafficPolicy",
        "healthCheckNodePort", "publishNotReadyAddresses", "sessionAffinityConfig", "ipFamilies",
        "ipFamilyPolicy", "allocateLoadBalancerNodePorts", "loadBalancerClass", "internalTrafficPolicy",
        "trafficDistribution",
    }
)  # fmt: skip

DECLARED: Mapping[tuple[str, Names], frozenset[str]] = {
    ("Pod", ()): TOP, ("Deployment", ()): TOP, ("Service", ()): TOP,
    ("Pod", ("spec",)): POD, ("Deployment", ("spec",)): DEPLOYMENT, ("Service", ("spec",)): SERVICE,
    ("Deployment", ("spec", "template", "spec")): POD,
    ("Pod", ("spec", "containers")): CONTAINER, ("Deployment", ("spec", "template", "spec", "containers")): CONTAINER,
}  # fmt: skip


def check_shape(kind: Kind, body: Json, strict: bool) -> None:
    """A field of a wrong type; with `strict`, as in server-side apply, also one that the schema does not have."""
    if kind.custom:
        return
    said = next(_faults(kind, body, (), "", strict), "")
    if said and strict:
        where = f"{namespace_of(body)}/{body['metadata'].get('name')}".removeprefix("/")
        shown = f"{kind.api_version}, Kind={kind.kind}"
        raise ApiError(500, "", f"failed to create typed patch object ({where}; {shown}): {said}")
    if said:
        raise bad_request(f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: {said}')


def _faults(kind: Kind, value: Any, names: Names, path: str, strict: bool) -> Iterator[str]:
    if names and names[-1] in FREE - {"labels", "annotations"}:
        return
    if isinstance(value, dict):
        declared = DECLARED.get((kind.kind, names)) if strict else None
        for name, inner in value.items():
            if declared is not None and name not in declared:
                yield f"{path}.{name}: field not declared in schema"
            yield from _fault(names, name, inner, f"{path}.{name}")
            yield from _faults(kind, inner, (*names, name), f"{path}.{name}", strict)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            keyed = isinstance(inner, dict) and is_keyed(names, [inner])
            shown = item_key(names, inner)[2:] if keyed else str(index)
            yield from _faults(kind, inner, names, f"{path}[{shown}]", strict)


def _fault(names: Names, name: str, value: Any, path: str) -> Iterator[str]:
    parent = names[-1] if names else ""
    if value is None:
        return
    if name in NUMBERS and (isinstance(value, bool) or not isinstance(value, int)):
        yield f"{path}: expected numeric (int or float), got {type(value).__name__}"
    text = name in TEXTS or parent in TEXT_MAPS or (parent == "env" and name == "value")
    if text and parent not in FREE - {"labels", "annotations"} and not isinstance(value, str) and name not in TEXT_MAPS:
        yield f"{path}: expected string, got {value!r}"
    if name in LISTS and parent not in TEXT_MAPS and not isinstance(value, list | str):
        yield f"{path}: expected list, got {type(value).__name__}"
