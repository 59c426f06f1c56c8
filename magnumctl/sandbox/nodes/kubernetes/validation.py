"""The essentials that an API server refuses, in its words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import Cause, invalid
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.objects import at, name_of
from magnumctl.sandbox.nodes.kubernetes.selectors import chosen

LABEL = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
SUBDOMAIN = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
DNS_1035 = re.compile(r"^[a-z]([-a-z0-9]*[a-z0-9])?$")
LABEL_VALUE = re.compile(r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")
LABEL_NAME = re.compile(r"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$")
CRON_FIELDS = 5
LONGEST_LABEL, LONGEST_NAME, LAST_PORT = 63, 253, 65535
FREELY_NAMED = frozenset({"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "CertificateSigningRequest"})
AFTER_SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and"
    " end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
    r" '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
AFTER_LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with"
    " an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
    " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
AFTER_1035 = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character,"
    " and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is"
    " '[a-z]([-a-z0-9]*[a-z0-9])?')"
)
AFTER_LABEL_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and"
    " end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
    " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)

Causes = Iterator[Cause]


def required(field: str, more: str = "") -> Cause:
    return Cause("FieldValueRequired", "Required value" + (f": {more}" if more else ""), field)


def wrong(field: str, value: Any, why: str) -> Cause:
    return Cause("FieldValueInvalid", f"Invalid value: {json.dumps(value, separators=(',', ':'))}: {why}", field)


def unsupported(field: str, value: Any, choices: list[str]) -> Cause:
    named = ", ".join(json.dumps(each) for each in choices)
    return Cause("FieldValueNotSupported", f"Unsupported value: {json.dumps(value)}: supported values: {named}", field)


def check(kind: Kind, body: Json) -> None:
    """Raises the 422 that names every field that cannot be so."""
    causes = [*_metadata(kind, body), *([] if kind.custom else CHECKS.get(kind.kind, _nothing)(body))]
    if causes:
        raise invalid(kind, name_of(body), causes)


def _nothing(_body: Json) -> Causes:
    return iter(())


def _metadata(kind: Kind, body: Json) -> Causes:
    name = name_of(body)
    if kind.kind == "Service":
        if len(name) > LONGEST_LABEL or not DNS_1035.match(name):
            yield wrong("metadata.name", name, AFTER_1035)
    elif kind.kind == "Namespace":
        if len(name) > LONGEST_LABEL or not LABEL.match(name):
            yield wrong("metadata.name", name, AFTER_LABEL)
    elif kind.kind not in FREELY_NAMED and (len(name) > LONGEST_NAME or not SUBDOMAIN.match(name)):
        yield wrong("metadata.name", name, AFTER_SUBDOMAIN)
    yield from _labels("metadata.labels", body["metadata"].get("labels") or {})


def _labels(field: str, labels: Mapping[str, Any]) -> Causes:
    for name, value in labels.items():
        if not LABEL_NAME.match(name.rpartition("/")[2]):
            yield wrong(field, name, "name part must consist of alphanumeric characters, '-', '_' or '.'")
        if not LABEL_VALUE.match(str(value)):
            yield wrong(field, value, AFTER_LABEL_VALUE)
        elif len(str(value)) > LONGEST_LABEL:
            yield wrong(field, value, "must be no more than 63 bytes")


def _pod(body: Json) -> Causes:
    yield from _pod_spec("spec", body.get("spec") or {})


def _pod_spec(field: str, spec: Json) -> Causes:
    if not spec.get("containers"):
        yield required(f"{field}.containers")
    volumes = {each.get("name") for each in spec.get("volumes") or ()}
    for part in ("initContainers", "containers"):
        seen: set[str] = set()
        for index, container in enumerate(spec.get(part) or ()):
            yield from _container(f"{field}.{part}[{index}]", container, seen, volumes)
    policy = spec.get("restartPolicy", "Always")
    if policy not in {"Always", "OnFailure", "Never"}:
        yield unsupported(f"{field}.restartPolicy", policy, ["Always", "OnFailure", "Never"])


def _container(field: str, container: Json, seen: set[str], volumes: set[str]) -> Causes:
    yield from _container_name(f"{field}.name", container.get("name"), seen)
    if not container.get("image"):
        yield required(f"{field}.image")
    policy = container.get("imagePullPolicy", "Always")
    if policy not in {"Always", "IfNotPresent", "Never"}:
        yield unsupported(f"{field}.imagePullPolicy", policy, ["Always", "IfNotPresent", "Never"])
    yield from _container_lists(field, container, volumes)


def _container_name(field: str, name: Any, seen: set[str]) -> Causes:
    if not name:
        yield required(field)
    elif not LABEL.match(name) or len(name) > LONGEST_LABEL:
        yield wrong(field, name, AFTER_LABEL)
    elif name in seen:
        yield Cause("FieldValueDuplicate", f'Duplicate value: "{name}"', field)
    seen.add(str(name))


def _container_lists(field: str, container: Json, volumes: set[str]) -> Causes:
    for index, port in enumerate(container.get("ports") or ()):
        yield from _port(f"{field}.ports[{index}].containerPort", port.get("containerPort"))
    for index, variable in enumerate(container.get("env") or ()):
        if not variable.get("name"):
            yield required(f"{field}.env[{index}].name")
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        if mount.get("name") not in volumes:
            place = f"{field}.volumeMounts[{index}].name"
            yield Cause("FieldValueNotFound", f'Not found: "{mount.get("name")}"', place)


def _port(field: str, number: Any) -> Causes:
    if number is None:
        yield required(field)
    elif not isinstance(number, int) or not 0 < number <= LAST_PORT:
        yield wrong(field, number, "must be between 1 and 65535, inclusive")


def _workload(body: Json) -> Causes:
    spec = body.get("spec") or {}
    selector, labels = spec.get("selector"), at(spec, "template.metadata.labels", {})
    if selector is None:
        yield required("spec.selector")
    elif not (selector.get("matchLabels") or selector.get("matchExpressions")):
        yield wrong("spec.selector", selector, "empty selector is invalid for deployment")
    if selector is None or not chosen(selector, labels):
        yield wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
    if (spec.get("replicas") or 0) < 0:
        yield wrong("spec.replicas", spec["replicas"], "must be greater than or equal to 0")
    yield from _template("spec.template", spec.get("template") or {})


def _template(field: str, template: Json) -> Causes:
    yield from _labels(f"{field}.labels", at(template, "metadata.labels", {}))
    yield from _pod_spec(f"{field}.spec", template.get("spec") or {})
    policy = at(template, "spec.restartPolicy", "Always")
    if policy in {"Never", "OnFailure"}:
        yield unsupported(f"{field}.spec.restartPolicy", policy, ["Always"])


def _job(body: Json) -> Causes:
    template = at(body, "spec.template", {})
    policy = at(template, "spec.restartPolicy", "")
    if policy not in {"OnFailure", "Never"}:
        said = unsupported("spec.template.spec.restartPolicy", policy, ["OnFailure", "Never"])
        yield said if policy else required("spec.template.spec.restartPolicy", 'valid values: "OnFailure", "Never"')
    yield from _pod_spec("spec.template.spec", template.get("spec") or {})


def _cron_job(body: Json) -> Causes:
    schedule = at(body, "spec.schedule", "")
    if not schedule:
        yield required("spec.schedule")
    elif not schedule.startswith("@") and len(schedule.split()) != CRON_FIELDS:
        yield wrong(
            "spec.schedule", schedule, f"expected exactly 5 fields, found {len(schedule.split())}: {schedule.split()}"
        )


def _service(body: Json) -> Causes:
    spec = body.get("spec") or {}
    kinds = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
    if spec.get("type") not in kinds:
        yield unsupported("spec.type", spec.get("type"), kinds)
    ports = spec.get("ports") or []
    if not ports and spec.get("type") != "ExternalName" and spec.get("clusterIP") != "None":
        yield required("spec.ports")
    seen: set[tuple[Any, Any]] = set()
    for index, port in enumerate(ports):
        field = f"spec.ports[{index}]"
        yield from _port(f"{field}.port", port.get("port"))
        if len(ports) > 1 and not port.get("name"):
            yield required(f"{field}.name")
        if (port.get("port"), port.get("protocol")) in seen:
            yield Cause("FieldValueDuplicate", f"Duplicate value: {json.dumps(port)}", field)
        seen.add((port.get("port"), port.get("protocol")))


def _definition(body: Json) -> Causes:
    spec = body.get("spec") or {}
    expected = f"{at(spec, 'names.plural', '')}.{spec.get('group', '')}"
    if name_of(body) != expected:
        yield wrong("metadata.name", name_of(body), 'must be spec.names.plural+"."+spec.group')
    if not spec.get("versions"):
        yield required("spec.versions")
    if spec.get("scope") not in {"Cluster", "Namespaced"}:
        yield unsupported("spec.scope", spec.get("scope"), ["Cluster", "Namespaced"])


CHECKS: Mapping[str, Callable[[Json], Causes]] = {
    "Pod": _pod, "Deployment": _workload, "ReplicaSet": _workload, "DaemonSet": _workload, "StatefulSet": _workload,
    "Job": _job, "CronJob": _cron_job, "Service": _service, "CustomResourceDefinition": _definition,
}  # fmt: skip
