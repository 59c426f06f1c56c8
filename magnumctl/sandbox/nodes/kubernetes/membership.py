"""Nodes as Kubernetes objects: they register, become ready, and are not ready while their server is off."""

from __future__ import annotations

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster, Member
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import at, condition, new_uid, now, with_condition

NODE = find_built_in("Node")
READY_SECONDS, LOST_SECONDS = 0.3, 0.5
NOT_READY = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}
UNREACHABLE = {"key": "node.kubernetes.io/unreachable", "effect": "NoSchedule"}
CAPACITY = {"cpu": "4", "memory": "8Gi", "pods": "110", "ephemeral-storage": "20Gi"}
PRESSURES = (
    ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
)


def register(cluster: Cluster, member: Member) -> None:
    """The kubelet starts: its Node appears, not ready, and is ready soon after."""
    with cluster.lock:
        member.on = True
        cluster.members[member.name] = member
        if not member.networks:
            member.networks.append(cluster.pods.node_network(len(cluster.members) - 1))
        if cluster.store.find(NODE, "", member.name) is None:
            cluster.store.add(NODE, _node(cluster, member))
    cluster.clock.after(READY_SECONDS, lambda: _become(cluster, member, ready=True))


def lose(cluster: Cluster, member: Member) -> None:
    """The server went off: its Node is found to be away a little later."""
    member.on = False
    cluster.clock.after(LOST_SECONDS, lambda: _become(cluster, member, ready=False))


def _become(cluster: Cluster, member: Member, ready: bool) -> None:
    with cluster.lock:
        node = cluster.store.find(NODE, "", member.name)
        if node is None or member.on != ready:
            return
        state = condition("Ready", ready, "KubeletReady", "kubelet is posting ready status")
        if not ready:
            state = condition("Ready", False, "NodeStatusUnknown", "Kubelet stopped posting node status.")
            state["status"] = "Unknown"
        node["status"]["conditions"] = with_condition(node["status"]["conditions"], state)
        ours = {NOT_READY["key"], UNREACHABLE["key"]}
        taints = [each for each in at(node, "spec.taints", []) if each["key"] not in ours]
        taints += [] if ready else [UNREACHABLE | {"timeAdded": now()}]
        node["spec"] = {name: value for name, value in node["spec"].items() if name != "taints"}
        node["spec"] |= {"taints": taints} if taints else {}
        cluster.store.put(NODE, node)
        reason = "NodeReady" if ready else "NodeNotReady"
        cluster.events.say(node, "kubelet", reason, f"Node {member.name} status is now: {reason}")


def _node(cluster: Cluster, member: Member) -> Json:
    own = {"kubernetes.io/hostname": member.name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    own |= {"beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64"}
    if member.control_plane:
        own |= {
            "node-role.kubernetes.io/control-plane": "",
            "node.kubernetes.io/exclude-from-external-load-balancers": "",
        }
    metadata = {"name": member.name, "uid": new_uid(), "creationTimestamp": now(), "labels": {**own, **member.labels}}
    spec = {"podCIDR": member.networks[0], "podCIDRs": member.networks, "taints": [*member.taints, NOT_READY]}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": spec, "status": _status(cluster, member)}


def _status(cluster: Cluster, member: Member) -> Json:
    states = [condition(kind, False, reason, said) for kind, reason, said in PRESSURES]
    said = "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady"
    facts = {
        "machineID": "", "systemUUID": "", "bootID": "", "kernelVersion": "6.1.0-sandbox", "operatingSystem": "linux",
        "osImage": "Debian GNU/Linux 12 (bookworm)", "containerRuntimeVersion": "containerd://2.1.4",
        "kubeletVersion": cluster.config.version, "kubeProxyVersion": "", "architecture": "amd64",
    }  # fmt: skip
    addresses = [{"type": "InternalIP", "address": member.address}, {"type": "Hostname", "address": member.name}]
    return {
        "capacity": CAPACITY, "allocatable": CAPACITY, "addresses": addresses, "nodeInfo": facts, "images": [],
        "conditions": [*states, condition("Ready", False, "KubeletNotReady", said)],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
    }  # fmt: skip
