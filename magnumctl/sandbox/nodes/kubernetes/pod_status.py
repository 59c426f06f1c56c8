"""A pod's status from what its containers do."""

from __future__ import annotations

from collections.abc import Sequence

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.container_run import ContainerRun
from magnumctl.sandbox.nodes.kubernetes.objects import at, condition, with_condition


def pod_status(
    pod: Json, containers: Sequence[ContainerRun], init: Sequence[ContainerRun], address: str, started: str
) -> Json:
    phase = _phase(pod, containers, init)
    status: Json = {"phase": phase, "startTime": started, "qosClass": _quality(pod)}
    if any(each.turn for each in (*containers, *init)):
        status |= {"podIP": address, "podIPs": [{"ip": address}]}
    status["containerStatuses"] = [each.view() for each in containers]
    if init:
        status["initContainerStatuses"] = [each.view() | {"ready": each.ended and each.exit_code == 0} for each in init]
        _wait_for_init(status, containers, init)
    status["conditions"] = _conditions(pod, containers, init, phase)
    return status


def _wait_for_init(status: Json, containers: Sequence[ContainerRun], init: Sequence[ContainerRun]) -> None:
    if not _initialised(init) and not any(each.turn for each in containers):
        for shown in status["containerStatuses"]:
            shown["state"] = {"waiting": {"reason": "PodInitializing"}}


def _initialised(init: Sequence[ContainerRun]) -> bool:
    return all(each.ended and each.exit_code == 0 for each in init)


def _phase(pod: Json, containers: Sequence[ContainerRun], init: Sequence[ContainerRun]) -> str:
    policy = pod["spec"].get("restartPolicy", "Always")
    if policy == "Never" and any(each.ended and each.exit_code for each in init):
        return "Failed"
    if not all(each.turn or each.ended for each in containers):
        return "Pending"
    if policy != "Always" and all(each.ended for each in containers):
        failed = any(each.exit_code for each in containers)
        if not failed:
            return "Succeeded"
        return "Failed" if policy == "Never" else "Running"
    return "Running"


def _conditions(pod: Json, containers: Sequence[ContainerRun], init: Sequence[ContainerRun], phase: str) -> list[Json]:
    unready = [each.name for each in containers if not each.ready]
    reason, message = "", ""
    if phase == "Succeeded":
        reason = "PodCompleted"
    elif phase == "Failed":
        reason = "PodFailed"
    elif unready:
        reason, message = "ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]"
    done = _initialised(init)
    told = [
        condition("PodReadyToStartContainers", any(each.turn for each in (*containers, *init)), ""),
        condition("Initialized", done, "" if done else "ContainersNotInitialized"),
        condition("Ready", not unready, reason, message),
        condition("ContainersReady", not unready, reason, message),
        condition("PodScheduled", True, ""),
    ]
    held: list[Json] = at(pod, "status.conditions", [])
    for each in told:
        held = with_condition(held, {name: value for name, value in each.items() if value != ""})
    return held


def _quality(pod: Json) -> str:
    resources = [container.get("resources") or {} for container in pod["spec"]["containers"]]
    if not any(each.get("requests") or each.get("limits") for each in resources):
        return "BestEffort"
    same = all(each.get("limits") and each.get("requests", each["limits"]) == each["limits"] for each in resources)
    return "Guaranteed" if same else "Burstable"
