"""Types of the fields that people get wrong, and the fields that the commonest kinds have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.schema import Names, is_keyed, item_key

NUMBERS = frozenset(
    {"replicas", "containerPort", "hostPort", "nodePort", "terminationGracePeriodSeconds", "parallelism", "completions"}
)
TEXTS = frozenset({"image", "name", "namespace", "restartPolicy", "clusterIP", "nodeName", "serviceAccountName"})
TEXT_MAPS = frozenset({"labels", "annotations", "matchLabels", "nodeSelector"})
LISTS = frozenset({"containers", "initContainers", "env", "volumes", "ports", "command", "args", "volumeMounts"})
FREE = frozenset({"data", "stringData", "binaryData", "labels", "annotations", "managedFields", "rules", "parameters"})

TOP = frozenset({"apiVersion", "kind", "metadata"})
METADATA = frozenset(
    {
        "name", "generateName", "namespace", "labels", "annotations", "finalizers", "ownerReferences", "uid",
        "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        "managedFields", "selfLink",
    }
)  # fmt: skip
OWN: Mapping[str, frozenset[str]] = {
    "ConfigMap": frozenset({"data", "binaryData", "immutable"}),
    "Secret": frozenset({"data", "stringData", "type", "immutable"}),
    "ServiceAccount": frozenset({"secrets", "imagePullSecrets", "automountServiceAccountToken"}),
    "ClusterRole": frozenset({"rules", "aggregationRule"}),
    "Role": frozenset({"rules"}),
    "ClusterRoleBinding": frozenset({"subjects", "roleRef"}),
    "RoleBinding": frozenset({"subjects", "roleRef"}),
    "Endpoints": frozenset({"subsets"}),
    "EndpointSlice": frozenset({"addressType", "endpoints", "ports"}),
    "PriorityClass": frozenset({"value", "globalDefault", "description", "preemptionPolicy"}),
    "PodTemplate": frozenset({"template"}),
    "StorageClass": frozenset(
        {"provisioner", "parameters", "reclaimPolicy", "mountOptions", "allowVolumeExpansion", "volumeBindingMode",
         "allowedTopologies"}
    ),
    "ControllerRevision": frozenset({"data", "revision"}),
}  # fmt: skip
"""The kinds that are not made of spec and status."""
UNLISTED = frozenset({"Event"})
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
    ("Pod", ("spec",)): POD, ("Deployment", ("spec",)): DEPLOYMENT, ("Service", ("spec",)): SERVICE,
}  # fmt: skip
TEMPLATE: Names = ("spec", "template")


@dataclass(frozen=True)
class Fault:
    """`path` begins with a point; `unknown`: no wrong type, but a field that the schema does not have."""

    path: str
    message: str
    unknown: bool = False


def faults(kind: Kind, body: Json) -> Iterator[Fault]:
    return iter(()) if kind.custom else _faults(kind, body, (), "")


def _declared(kind: str, names: Names) -> frozenset[str] | None:
    """The fields at a place; None where they are not known here."""
    if not names:
        return None if kind in UNLISTED else TOP | OWN.get(kind, frozenset({"spec", "status"}))
    if names in {("metadata",), (*TEMPLATE, "metadata")}:
        return METADATA
    if names[:2] == TEMPLATE and len(names) > len(TEMPLATE):
        kind, names = "Pod", names[2:]
    if kind == "Pod" and names in {("spec", "containers"), ("spec", "initContainers")}:
        return CONTAINER
    return DECLARED.get((kind, names))


def _faults(kind: Kind, value: Any, names: Names, path: str) -> Iterator[Fault]:
    if names and names[-1] in FREE - {"labels", "annotations"}:
        return
    if isinstance(value, dict):
        declared = _declared(kind.kind, names)
        for name, inner in value.items():
            if declared is not None and name not in declared:
                yield Fault(f"{path}.{name}", "field not declared in schema", unknown=True)
            yield from _fault(names, name, inner, f"{path}.{name}")
            yield from _faults(kind, inner, (*names, name), f"{path}.{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            keyed = isinstance(inner, dict) and is_keyed(names, [inner])
            shown = item_key(names, inner)[2:] if keyed else str(index)
            yield from _faults(kind, inner, names, f"{path}[{shown}]")


def _fault(names: Names, name: str, value: Any, path: str) -> Iterator[Fault]:
    parent = names[-1] if names else ""
    if value is None:
        return
    if name in NUMBERS and (isinstance(value, bool) or not isinstance(value, int)):
        yield Fault(path, f"expected numeric (int or float), got {type(value).__name__}")
    text = name in TEXTS or parent in TEXT_MAPS or (parent == "env" and name == "value")
    if text and parent not in FREE - {"labels", "annotations"} and not isinstance(value, str) and name not in TEXT_MAPS:
        yield Fault(path, f"expected string, got {value!r}")
    if name in LISTS and parent not in TEXT_MAPS and not isinstance(value, list | str):
        yield Fault(path, f"expected list, got {type(value).__name__}")
