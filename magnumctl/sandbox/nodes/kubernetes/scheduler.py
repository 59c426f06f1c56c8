"""The scheduler: each waiting pod to the node that has the fewest pods, or the reason why to none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import (
    at,
    condition,
    controller_of,
    is_going,
    name_of,
    namespace_of,
    ready,
    with_condition,
)
from magnumctl.sandbox.nodes.kubernetes.placement import matches_selector, ports_clash, repelled, shortage, tolerates
from magnumctl.sandbox.nodes.kubernetes.pods import POD, write_status

NODE = find_built_in("Node")


@dataclass(frozen=True)
class Verdict:
    """Why a node cannot have the pod, as the scheduler counts it; empty when it can."""

    node: Json
    reason: str
    present: tuple[Json, ...]


class Scheduler:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def schedule(self) -> None:
        for pod in tuple(self._cluster.store.peek(POD)):
            if not pod["spec"].get("nodeName") and not is_going(pod) and not pod["spec"].get("schedulingGates"):
                self._place(pod)

    def _place(self, pod: Json) -> None:
        verdicts = [self._verdict(pod, node) for node in self._cluster.store.peek(NODE)]
        possible = [verdict for verdict in verdicts if not verdict.reason]
        if possible:
            best = min(possible, key=lambda verdict: _crowd(pod, verdict))
            bind(self._cluster, pod, name_of(best.node))
        else:
            self._refuse(pod, verdicts)

    def _verdict(self, pod: Json, node: Json) -> Verdict:
        name, spec = name_of(node), pod["spec"]
        present = tuple(
            each for each in self._cluster.store.peek(POD) if each["spec"].get("nodeName") == name and not _ended(each)
        )
        return Verdict(node, self._obstacle(pod, spec, node, present), present)

    @staticmethod
    def _obstacle(pod: Json, spec: Json, node: Json, present: tuple[Json, ...]) -> str:
        """The first of the scheduler's filters that the node does not pass."""
        taints = ", ".join(f"{taint['key']}: {taint.get('value', '')}" for taint in at(node, "spec.taints", []))
        short = shortage(spec, node, present)
        filters = (
            (at(node, "spec.unschedulable", default=False), "node(s) were unschedulable"),
            (not tolerates(spec, node), f"node(s) had untolerated taint {{{taints}}}"),
            (not ready(node), "node(s) had untolerated taint {node.kubernetes.io/not-ready: }"),
            (not matches_selector(spec, node), "node(s) didn't match Pod's node affinity/selector"),
            (repelled(pod, present), "node(s) didn't match pod anti-affinity rules"),
            (ports_clash(pod, present), "node(s) didn't have free ports for the requested pod ports"),
            (bool(short), "Too many pods" if short == "pods" else f"Insufficient {short}"),
        )
        return next((reason for failed, reason in filters if failed), "")

    def _refuse(self, pod: Json, verdicts: list[Verdict]) -> None:
        counted = Counter(verdict.reason for verdict in verdicts)
        reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(counted.items()))
        number = len(verdicts)
        said = f"0/{number} nodes are available: {reasons}." if number else "no nodes available to schedule pods"
        if number:
            said += f" preemption: 0/{number} nodes are available: {number} Preemption is not helpful for scheduling."
        made = condition("PodScheduled", False, "Unschedulable", said)
        held = at(pod, "status.conditions", [])
        if not any(each["type"] == "PodScheduled" and each.get("message") == said for each in held):
            self._cluster.events.say(pod, "default-scheduler", "FailedScheduling", said, warning=True)
        status = {**(pod.get("status") or {}), "phase": "Pending", "conditions": with_condition(held, made)}
        write_status(self._cluster, "Pod", pod, status)


def _ended(pod: Json) -> bool:
    return at(pod, "status.phase") in {"Succeeded", "Failed"}


def _crowd(pod: Json, verdict: Verdict) -> tuple[int, int, str]:
    """Few of the same owner before few of all: that is what spreads a Deployment."""
    owner = controller_of(pod)
    same = sum(bool(owner) and controller_of(each) == owner for each in verdict.present)
    return same, len(verdict.present), name_of(verdict.node)


def bind(cluster: Cluster, pod: Json, node: str) -> None:
    held = cluster.store.get(POD, namespace_of(pod), name_of(pod))
    held["spec"]["nodeName"] = node
    conditions = with_condition(at(held, "status.conditions", []), condition("PodScheduled", True, ""))
    held["status"] = {**(held.get("status") or {}), "phase": "Pending", "conditions": conditions}
    cluster.store.put(POD, held)
    said = f"Successfully assigned {namespace_of(pod)}/{name_of(pod)} to {node}"
    cluster.events.say(pod, "default-scheduler", "Scheduled", said)
