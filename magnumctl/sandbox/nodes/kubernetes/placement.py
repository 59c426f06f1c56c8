"""Whether a pod may run on a node: labels, taints, affinity, room."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.objects import at, labels_of, name_of
from magnumctl.sandbox.nodes.kubernetes.selectors import chosen

UNITS = {"": 1.0, "m": 0.001, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def quantity(text: Any) -> float:
    match = re.match(r"^([\d.]+)([A-Za-z]*)$", str(text))
    return float(match[1]) * UNITS.get(match[2], 1.0) if match else 0.0


def matches_selector(spec: Json, node: Json) -> bool:
    labels = labels_of(node)
    wanted = spec.get("nodeSelector") or {}
    terms = at(spec, f"affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms", [])
    selected = all(labels.get(name) == value for name, value in wanted.items())
    return selected and (not terms or any(_term(term, node) for term in terms))


def _term(term: Mapping[str, Any], node: Json) -> bool:
    fields = {"metadata.name": name_of(node)}
    by_name = {"matchExpressions": term.get("matchFields") or []}
    return chosen({"matchExpressions": term.get("matchExpressions") or []}, labels_of(node)) and chosen(by_name, fields)


def tolerates(spec: Json, node: Json, borne: Sequence[str] = ()) -> bool:
    """`borne` are taints that this kind of pod tolerates without saying so."""
    taints = [each for each in at(node, "spec.taints", []) if each["effect"] != "PreferNoSchedule"]
    given = spec.get("tolerations") or ()
    return all(taint["key"] in borne or any(_tolerated(taint, each) for each in given) for taint in taints)


def _tolerated(taint: Json, toleration: Json) -> bool:
    if toleration.get("effect") not in {None, "", taint["effect"]}:
        return False
    if toleration.get("operator") == "Exists":
        return toleration.get("key") in {None, "", taint["key"]}
    return bool(toleration.get("key") == taint["key"]) and bool(toleration.get("value", "") == taint.get("value", ""))


def shortage(spec: Json, node: Json, present: Sequence[Json]) -> str:
    """Which resource the node lacks for it (cpu, memory, pods); empty when there is room."""
    room = at(node, "status.allocatable", {})
    if len(present) >= int(room.get("pods", "110")):
        return "pods"
    for resource in ("cpu", "memory"):
        used = sum(requested(pod["spec"], resource) for pod in present)
        if used + requested(spec, resource) > quantity(room.get(resource, "0")):
            return resource
    return ""


def requested(spec: Json, resource: str) -> float:
    given = ((container.get("resources") or {}) for container in spec.get("containers") or ())
    asked = (
        (each.get("requests") or {}).get(resource, (each.get("limits") or {}).get(resource, "0")) for each in given
    )
    return sum(quantity(each) for each in asked)


def repelled(pod: Json, present: Sequence[Json]) -> bool:
    """Required anti-affinity by host name, against the pods of the node."""
    terms = at(pod, f"spec.affinity.podAntiAffinity.{REQUIRED}", [])
    hosts = [term for term in terms if term.get("topologyKey") == "kubernetes.io/hostname"]
    return any(chosen(term.get("labelSelector") or {}, labels_of(other)) for term in hosts for other in present)


def ports_clash(pod: Json, present: Sequence[Json]) -> bool:
    held = {port for other in present for port in _host_ports(other)}
    return bool(held & set(_host_ports(pod)))


def _host_ports(pod: Json) -> list[tuple[int, str]]:
    hosted = bool(pod["spec"].get("hostNetwork"))
    ports = [port for container in pod["spec"]["containers"] for port in container.get("ports") or ()]
    numbers = (
        (port.get("hostPort") or (port["containerPort"] if hosted else 0), port.get("protocol", "TCP"))
        for port in ports
    )
    return [(number, protocol) for number, protocol in numbers if number]
