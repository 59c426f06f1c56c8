"""The defaults that an API server writes into objects of the built-in kinds."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.objects import name_of

ROLLING = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}}


def complete(body: Json) -> None:
    DEFAULTED.get(body["kind"], _nothing)(body)


def drop_nulls(value: Any) -> None:
    """A typed API server forgets what was sent as null (kubectl's `creationTimestamp: null`)."""
    if isinstance(value, dict):
        for name in [name for name, inner in value.items() if inner is None]:
            del value[name]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        drop_nulls(inner)


def _nothing(_body: Json) -> None: ...


def _spec(body: Json, defaults: Mapping[str, object]) -> Json:
    spec: Json = body.setdefault("spec", {})
    for name, value in defaults.items():
        if spec.get(name) is None:
            spec[name] = value
    return spec


def _pod(body: Json) -> None:
    spec = _pod_spec(body.setdefault("spec", {}))
    account = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
    spec |= {"serviceAccountName": account, "serviceAccount": account}
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
    spec.setdefault("priority", 0)
    held = [each.get("key") for each in spec.get("tolerations") or ()]
    for reason in ("not-ready", "unreachable"):
        key = f"node.kubernetes.io/{reason}"
        if key not in held:
            wait = {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
            spec["tolerations"] = [*(spec.get("tolerations") or []), wait]


def _pod_spec(spec: Json) -> Json:
    defaults = {
        "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler", "enableServiceLinks": True, "securityContext": {},
    }  # fmt: skip
    for name, value in defaults.items():
        spec.setdefault(name, value)
    for container in [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]:
        if isinstance(container, dict):
            _container(container)
    return spec


def _container(container: Json) -> None:
    image = str(container.get("image") or "")
    tag = image.rpartition("@")[2].rpartition("/")[2].partition(":")[2]
    container.setdefault("imagePullPolicy", "Always" if tag in {"", "latest"} and "@" not in image else "IfNotPresent")
    container.setdefault("terminationMessagePath", "/dev/termination-log")
    container.setdefault("terminationMessagePolicy", "File")
    container.setdefault("resources", {})
    for port in container.get("ports") or ():
        port.setdefault("protocol", "TCP")
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if name in container:
            _probe(container[name])


def _probe(probe: Json) -> None:
    for name, value in {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}.items():
        probe.setdefault(name, value)


def _template(body: Json, policy: str = "Always") -> None:
    template = body["spec"].setdefault("template", {})
    template.setdefault("metadata", {})
    spec = template.setdefault("spec", {})
    if policy != "Always":
        return _pod_spec_quietly(spec)
    _pod_spec(spec)
    return None


def _pod_spec_quietly(spec: Json) -> None:
    """A Job's template has no default restartPolicy: its author must choose."""
    chosen = spec.get("restartPolicy")
    _pod_spec(spec)
    if chosen is None:
        del spec["restartPolicy"]


def _deployment(body: Json) -> None:
    spec = _spec(body, {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600, "strategy": {}})
    if spec["strategy"].get("type", "RollingUpdate") == "RollingUpdate":
        given = spec["strategy"].get("rollingUpdate") or {}
        spec["strategy"] = {**ROLLING, "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%", **given}}
    _template(body)


def _replica_set(body: Json) -> None:
    _spec(body, {"replicas": 1})
    _template(body)


def _daemon_set(body: Json) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}}
    _spec(body, {"revisionHistoryLimit": 10, "updateStrategy": strategy})
    _template(body)


def _stateful_set(body: Json) -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}
    retention = {"whenDeleted": "Retain", "whenScaled": "Retain"}
    _spec(body, {"replicas": 1, "revisionHistoryLimit": 10, "podManagementPolicy": "OrderedReady"})
    _spec(body, {"updateStrategy": strategy, "persistentVolumeClaimRetentionPolicy": retention})
    _template(body)


def _job(body: Json) -> None:
    parallel = {"parallelism": 1, "completions": 1, "backoffLimit": 6, "completionMode": "NonIndexed"}
    _spec(body, {**parallel, "suspend": False, "manualSelector": False, "podReplacementPolicy": "TerminatingOrFailed"})
    _template(body, policy="Never")


def _cron_job(body: Json) -> None:
    history = {"successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1}
    _spec(body, {**history, "concurrencyPolicy": "Allow", "suspend": False})


def _service(body: Json) -> None:
    spec = _spec(body, {"type": "ClusterIP", "sessionAffinity": "None"})
    if spec["type"] != "ExternalName":
        _spec(body, {"internalTrafficPolicy": "Cluster", "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"})
    if spec["type"] in {"NodePort", "LoadBalancer"}:
        _spec(body, {"externalTrafficPolicy": "Cluster"})
    if spec["type"] == "LoadBalancer":
        _spec(body, {"allocateLoadBalancerNodePorts": True})
    for port in spec.get("ports") or ():
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port.get("port"))


def _namespace(body: Json) -> None:
    body.setdefault("spec", {}).setdefault("finalizers", ["kubernetes"])
    body.setdefault("status", {}).setdefault("phase", "Active")
    labels = body["metadata"].get("labels") or {}
    body["metadata"]["labels"] = {**labels, "kubernetes.io/metadata.name": name_of(body)}


def _secret(body: Json) -> None:
    body.setdefault("type", "Opaque")
    plain = body.pop("stringData", None) or {}
    encoded = {name: base64.b64encode(str(value).encode()).decode() for name, value in plain.items()}
    if encoded:
        body["data"] = {**(body.get("data") or {}), **encoded}


def _claim(body: Json) -> None:
    _spec(body, {"volumeMode": "Filesystem"})
    body.setdefault("status", {}).setdefault("phase", "Pending")


def _binding(body: Json) -> None:
    for subject in body.get("subjects") or ():
        if subject.get("kind") != "ServiceAccount":
            subject.setdefault("apiGroup", "rbac.authorization.k8s.io")


DEFAULTED: Mapping[str, Callable[[Json], None]] = {
    "Pod": _pod, "Deployment": _deployment, "ReplicaSet": _replica_set, "DaemonSet": _daemon_set, "Service": _service,
    "StatefulSet": _stateful_set, "Job": _job, "CronJob": _cron_job, "Namespace": _namespace, "Secret": _secret,
    "PersistentVolumeClaim": _claim, "RoleBinding": _binding, "ClusterRoleBinding": _binding,
}  # fmt: skip
