"""Objects as rows: what `kubectl get` prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.objects import at, is_going, name_of

Cells = list[Any]
NONE = "<none>"
MINUTE, SHOWN_ENDPOINTS = 60, 3
LONG = 1
"""kubectl shows columns of a priority above 0 with -o wide only."""


@dataclass(frozen=True)
class Layout:
    columns: Sequence[tuple[str, str, int]]
    cells: Callable[[Json], Cells]


def table(kind: Kind, bodies: Sequence[Json], metadata: Json, include: str) -> Json:
    """`include`: Metadata (the default), Object or None."""
    layout = _custom(kind) if kind.custom else LAYOUTS.get(kind.kind, PLAIN)
    columns = [_column(*each) for each in (("Name", "string", 0), *layout.columns, ("Age", "string", 0))]
    rows = [_row(layout, body, include) for body in bodies]
    head: Json = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
    if kind.kind == "Event":
        columns = columns[1:-1]
        rows = [row | {"cells": row["cells"][1:-1]} for row in rows]
    return head | {"columnDefinitions": columns, "rows": rows}


def _column(name: str, type_: str, priority: int) -> Json:
    return {
        "name": name,
        "type": type_,
        "format": "name" if name == "Name" else "",
        "description": name,
        "priority": priority,
    }


def _row(layout: Layout, body: Json, include: str) -> Json:
    cells = [name_of(body), *layout.cells(body), age(at(body, "metadata.creationTimestamp", ""))]
    shown: Json = {"cells": cells}
    if include == "Object":
        return shown | {"object": body}
    if include == "None":
        return shown
    partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": body["metadata"]}
    return shown | {"object": partial}


def age(text: str) -> str:
    """As kubectl says it: 5s, 3m20s, 2h, 4d."""
    if not text:
        return "<unknown>"
    seconds = int((dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(text)).total_seconds())
    if seconds < 2 * MINUTE:
        return f"{max(seconds, 0)}s"
    if seconds < 10 * MINUTE:
        return f"{seconds // 60}m{seconds % 60}s" if seconds % 60 else f"{seconds // 60}m"
    if seconds < 3 * 3600:
        return f"{seconds // 60}m"
    return f"{seconds // 3600}h" if seconds < 48 * 3600 else f"{seconds // 86400}d"


def _custom(kind: Kind) -> Layout:
    return Layout(
        [(column.name, column.type, 0) for column in kind.columns],
        lambda body: [at(body, column.path.lstrip("."), "") for column in kind.columns],
    )


def _pod(body: Json) -> Cells:
    statuses = at(body, "status.containerStatuses", [])
    count = f"{sum(each['ready'] for each in statuses)}/{len(at(body, 'spec.containers', []))}"
    restarts = sum(each["restartCount"] for each in statuses)
    spec, status = body.get("spec") or {}, body.get("status") or {}
    wide = [status.get("podIP", NONE), spec.get("nodeName", NONE), NONE, NONE]
    return [count, pod_status(body), str(restarts), *wide]


def pod_status(body: Json) -> str:
    if is_going(body):
        return "Terminating"
    for each in at(body, "status.containerStatuses", []):
        state = each.get("state") or {}
        if reason := at(state, "waiting.reason") or at(state, "terminated.reason"):
            return str(reason)
    return str(at(body, "status.phase", "Pending"))


def _images(template: Any) -> tuple[str, str]:
    containers = at(template, "spec.containers", [])
    return ",".join(each["name"] for each in containers), ",".join(each.get("image", "") for each in containers)


def _spoken(selector: Mapping[str, Any] | None) -> str:
    found = (selector or {}).get("matchLabels", selector) or {}
    return ",".join(f"{name}={value}" for name, value in found.items()) or NONE


def _deployment(body: Json) -> Cells:
    spec, status = body["spec"], body.get("status") or {}
    counts = [f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 0)}"]
    counts += [status.get("updatedReplicas", 0), status.get("availableReplicas", 0)]
    return [*counts, *_images(spec["template"]), _spoken(spec.get("selector"))]


def _replica_set(body: Json) -> Cells:
    spec, status = body["spec"], body.get("status") or {}
    counts = [spec.get("replicas", 0), status.get("replicas", 0), status.get("readyReplicas", 0)]
    return [*counts, *_images(spec["template"]), _spoken(spec.get("selector"))]


def _stateful_set(body: Json) -> Cells:
    spec = body["spec"]
    return [f"{at(body, 'status.readyReplicas', 0)}/{spec.get('replicas', 0)}", *_images(spec["template"])]


def _daemon_set(body: Json) -> Cells:
    status, spec = body.get("status") or {}, body["spec"]
    names = (
        "desiredNumberScheduled",
        "currentNumberScheduled",
        "numberReady",
        "updatedNumberScheduled",
        "numberAvailable",
    )
    selector = _spoken(at(spec, "template.spec.nodeSelector"))
    return [
        *(status.get(name, 0) for name in names),
        selector,
        *_images(spec["template"]),
        _spoken(spec.get("selector")),
    ]


def _job(body: Json) -> Cells:
    status = body.get("status") or {}
    state = next((each["type"] for each in status.get("conditions") or () if each["status"] == "True"), "Running")
    done = f"{status.get('succeeded', 0)}/{at(body, 'spec.completions', 1)}"
    return [state, done, age(status.get("startTime", "")), *_images(at(body, "spec.template"))]


def _cron_job(body: Json) -> Cells:
    spec, status = body["spec"], body.get("status") or {}
    last = age(status["lastScheduleTime"]) if "lastScheduleTime" in status else NONE
    return [spec["schedule"], NONE, str(spec.get("suspend", False)), len(status.get("active") or ()), last]


def _service(body: Json) -> Cells:
    spec = body["spec"]
    external = spec.get("externalName") or ("<pending>" if spec["type"] == "LoadBalancer" else NONE)
    ports = ",".join(_port(each) for each in spec.get("ports") or ()) or NONE
    return [spec["type"], spec.get("clusterIP") or NONE, external, ports, _spoken(spec.get("selector"))]


def _port(port: Json) -> str:
    node = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port['port']}{node}/{port.get('protocol', 'TCP')}"


def _node(body: Json) -> Cells:
    status = body.get("status") or {}
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in status.get("conditions") or ())
    state = "Ready" if ready else "NotReady"
    state += ",SchedulingDisabled" if at(body, "spec.unschedulable") else ""
    prefix = "node-role.kubernetes.io/"
    roles = ",".join(
        name.removeprefix(prefix) for name in body["metadata"].get("labels") or {} if name.startswith(prefix)
    )
    facts = status.get("nodeInfo") or {}
    addresses = {each["type"]: each["address"] for each in status.get("addresses") or ()}
    wide = [addresses.get("InternalIP", NONE), addresses.get("ExternalIP", NONE), facts.get("osImage", "")]
    wide += [facts.get("kernelVersion", ""), facts.get("containerRuntimeVersion", "")]
    return [state, roles or NONE, facts.get("kubeletVersion", ""), *wide]


def _event(body: Json) -> Cells:
    who = body.get("involvedObject") or {}
    shown = f"{who.get('kind', '').lower()}/{who.get('name', '')}"
    return [age(body.get("lastTimestamp", "")), body.get("type"), body.get("reason"), shown, body.get("message", "")]


def _endpoints(body: Json) -> Cells:
    places = [
        f"{address['ip']}:{port['port']}"
        for subset in body.get("subsets") or ()
        for address in subset.get("addresses") or ()
        for port in subset.get("ports") or ()
    ]
    more = f" + {len(places) - SHOWN_ENDPOINTS} more..." if len(places) > SHOWN_ENDPOINTS else ""
    return [(",".join(places[:SHOWN_ENDPOINTS]) + more) or NONE]


def _slice(body: Json) -> Cells:
    ports = ",".join(str(each.get("port")) for each in body.get("ports") or ()) or "<unset>"
    addresses = ",".join(address for each in body.get("endpoints") or () for address in each["addresses"]) or "<unset>"
    return [body.get("addressType"), ports, addresses]


def _strings(*names: str, wide: Sequence[str] = ()) -> list[tuple[str, str, int]]:
    return [*((name, "string", 0) for name in names), *((name, "string", LONG) for name in wide)]


PLAIN = Layout([], lambda _body: [])
LAYOUTS: Mapping[str, Layout] = {
    "Pod": Layout(_strings("Ready", "Status", "Restarts", wide=("IP", "Node", "Nominated Node",
    "Readiness Gates")), _pod),
    "Deployment": Layout(_strings("Ready", "Up-to-date", "Available", wide=("Containers", "Images", "Selector")),
    _deployment),
    "ReplicaSet": Layout(_strings("Desired", "Current", "Ready", wide=("Containers", "Images", "Selector")),
    _replica_set),
    "StatefulSet": Layout(_strings("Ready", wide=("Containers", "Images")), _stateful_set),
    "DaemonSet": Layout(
        _strings("Desired", "Current", "Ready", "Up-to-date", "Available", "Node Selector",
                 wide=("Containers", "Images", "Selector")), _daemon_set),
    "Job": Layout(_strings("Status", "Completions", "Duration", wide=("Containers", "Images")), _job),
    "CronJob": Layout(_strings("Schedule", "Timezone", "Suspend", "Active", "Last Schedule"), _cron_job),
    "Service": Layout(_strings("Type", "Cluster-IP", "External-IP", "Port(s)", wide=("Selector",)), _service),
    "Node": Layout(
        _strings("Status", "Roles", "Version",
                 wide=("Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime")), _node),
    "Namespace": Layout(_strings("Status"), lambda body: [at(body, "status.phase", "Active")]),
    "ConfigMap": Layout(_strings("Data"),
    lambda body: [len(body.get("data") or {}) + len(body.get("binaryData") or {})]),
    "Secret": Layout(_strings("Type", "Data"), lambda body: [body.get("type"), len(body.get("data") or {})]),
    "ServiceAccount": Layout(_strings("Secrets"), lambda body: [len(body.get("secrets") or ())]),
    "Event": Layout(_strings("Last Seen", "Type", "Reason", "Object", "Message"), _event),
    "Endpoints": Layout(_strings("Endpoints"), _endpoints),
    "EndpointSlice": Layout(_strings("AddressType", "Ports", "Endpoints"), _slice),
    "ClusterRoleBinding": Layout(_strings("Role"),
    lambda body: [f"{body['roleRef']['kind']}/{body['roleRef']['name']}"]),
    "RoleBinding": Layout(_strings("Role"), lambda body: [f"{body['roleRef']['kind']}/{body['roleRef']['name']}"]),
    "PersistentVolumeClaim": Layout(_strings("Status", "Volume"), lambda body: [
        at(body, "status.phase", ""), at(body, "spec.volumeName", "")]),
    "Ingress": Layout(_strings("Class", "Hosts"), lambda body: [
        at(body, "spec.ingressClassName", NONE),
        ",".join(rule.get("host", "*") for rule in at(body, "spec.rules", [])) or "*"]),
}  # fmt: skip
