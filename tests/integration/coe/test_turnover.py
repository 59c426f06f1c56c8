"""Nodes leave a Kubernetes bay, and may join it: a real API server and the sandbox's nodes alike."""

from __future__ import annotations

import base64
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from magnumctl.coe.contract import ClientTls, LeavingNode
from magnumctl.coe.kubernetes import KubernetesBay, Membership
from magnumctl.coe.kubernetes.refusal import Refused
from magnumctl.coe.kubernetes.transport import Transport
from magnumctl.errors import NotReadyError
from tests.components.kube_apiserver import ApiServer
from tests.components.server import loopback_addresses
from tests.components.stand_in import FORCE, StandIn
from tests.integration.coe.emulated import emulated_cluster

(EMULATED,) = loopback_addresses(1)
WORKER = "workers-0"
SERVER = f"web-{WORKER}"
TOKEN = "0a1b2c.0123456789abcdef"
SECRET = "/api/v1/namespaces/kube-system/secrets/bootstrap-token-0a1b2c"
PODS = "/api/v1/namespaces/default/pods"
BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"
GONE = {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0}


@dataclass(frozen=True)
class Cluster:
    """`api` is for what somebody else does in the bay; `is_real` has no controllers."""

    bay: KubernetesBay
    api: Transport
    is_real: bool


@contextmanager
def real(server: ApiServer) -> Iterator[Cluster]:
    api = Transport(server.address, server.port, server.admin, "web")
    with StandIn(api, ("web-control-plane-0", SERVER)):
        yield opened(server.address, server.port, server.admin, is_real=True)


@contextmanager
def emulated() -> Iterator[Cluster]:
    with emulated_cluster(EMULATED) as tls:
        yield opened(EMULATED, 6443, tls, is_real=False)


def opened(address: str, port: int, tls: ClientTls, *, is_real: bool) -> Cluster:
    bay = KubernetesBay(address, port, tls, "web", str(uuid.uuid4()), membership=Membership(TOKEN, tls))
    bay.wait_for_nodes((WORKER,), 30, print)
    return Cluster(bay, Transport(address, port, tls, "web"), is_real)


@pytest.fixture(params=["real", "sandbox"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    engine = real(request.getfixturevalue("kube_apiserver")) if request.param == "real" else emulated()
    with engine as found:
        yield found
        for path in (*(f"{PODS}/{name}" for name in ("one", "two", "kept")), f"{BUDGETS}/web"):
            removed(found.api, path)


def removed(api: Transport, path: str) -> None:
    with suppress(Refused):
        api.delete(path, GONE)


def put_pod(cluster: Cluster, name: str, **metadata: Any) -> None:
    """On the worker, and running."""
    container = {"name": "main", "image": "nginx:1.29"}
    spec = {"nodeName": SERVER, "containers": [container], "terminationGracePeriodSeconds": 1}
    named = {"name": name, "labels": {"app": "web"}, **metadata}
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": named, "spec": spec}
    cluster.api.apply(f"{PODS}/{name}{FORCE}", body)
    wait_until(cluster, lambda: cluster.api.get(f"{PODS}/{name}").get("status", {}).get("phase") == "Running")


def wait_until(cluster: Cluster, is_so: Any) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end, cluster
        time.sleep(0.1)


def put_budget(cluster: Cluster, needed: int) -> None:
    """Where no controller counts, its count is written as one would."""
    selector = {"matchLabels": {"app": "web"}}
    spec = {"minAvailable": needed, "selector": selector}
    body = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": spec}
    made = cluster.api.apply(f"{BUDGETS}/web{FORCE}", body)
    if cluster.is_real:
        healthy = sum(pod["metadata"].get("labels") == {"app": "web"} for pod in cluster.api.get(PODS)["items"])
        counted = {
            "observedGeneration": made["metadata"]["generation"], "disruptionsAllowed": max(healthy - needed, 0),
            "currentHealthy": healthy, "desiredHealthy": needed, "expectedPods": healthy,
        }  # fmt: skip
        head = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}}
        cluster.api.apply(f"{BUDGETS}/web/status{FORCE}", {**head, "status": counted})


def retire(cluster: Cluster, timeout: float = 30) -> list[str]:
    """What was told, without the sandbox's own DNS servers, which may be anywhere."""
    told: list[str] = []
    cluster.bay.retire_nodes([LeavingNode(WORKER, "worker")], timeout, told.append)
    return [line for line in told if "kube-system" not in line]


def names(cluster: Cluster) -> set[str]:
    return {pod["metadata"]["name"] for pod in cluster.api.get(PODS)["items"]}


def is_open(cluster: Cluster) -> bool:
    return not cluster.api.get(f"/api/v1/nodes/{SERVER}")["spec"].get("unschedulable", False)


def test_a_node_leaves_when_its_pods_have(cluster: Cluster) -> None:
    """No new pods, the old ones told to go, the node forgotten; each step is told."""
    put_pod(cluster, "one")
    told = retire(cluster)
    assert told == [
        "node workers-0: takes no new pods",
        "node workers-0: pod default/one ends: it has no controller that makes another one",
        "node workers-0: is no longer of the bay",
    ]
    assert [node.name for node in cluster.bay.nodes()] == ["control-plane-0"]
    assert "one" not in names(cluster)


def test_a_disruption_budget_keeps_its_pod_and_so_the_node(cluster: Cluster) -> None:
    """After the time is over the budget is named, and the node takes pods again."""
    put_pod(cluster, "one")
    put_pod(cluster, "two")
    put_budget(cluster, needed=1)
    with pytest.raises(NotReadyError) as kept:
        retire(cluster, timeout=3)
    assert kept.value.summary == "bay web: node workers-0 is not empty after 3 s"
    reason = (
        r"pod default/(one|two) on workers-0: The disruption budget web needs 1 healthy pods and has [12] currently"
    )
    assert re.fullmatch(reason, kept.value.detail)
    assert len(names(cluster) & {"one", "two"}) == 1
    assert is_open(cluster)


def test_a_budget_that_gives_way_lets_the_node_go(cluster: Cluster) -> None:
    """The drain goes on as soon as it may."""
    put_pod(cluster, "one")
    put_budget(cluster, needed=1)
    with pytest.raises(NotReadyError):
        retire(cluster, timeout=0)
    put_budget(cluster, needed=0)
    assert retire(cluster)[-1] == "node workers-0: is no longer of the bay"


def test_pods_that_belong_to_the_node_are_left_on_it(cluster: Cluster) -> None:
    """Those of a DaemonSet and mirrors of the kubelet's own files do not keep a node."""
    put_pod(cluster, "kept", annotations={"kubernetes.io/config.mirror": "x"}, labels={"app": "mirror"})
    told = retire(cluster)
    assert [line for line in told if " pod " in line] == []


def test_a_node_that_is_gone_already_is_no_error(cluster: Cluster) -> None:
    """What an interrupted apply has done is not done again."""
    retire(cluster)
    assert retire(cluster) == []


def test_an_admission_lasts_two_hours_and_can_be_revoked(cluster: Cluster) -> None:
    """A Secret that Kubernetes takes for a bootstrap token; admitted again, it lasts from then on."""
    for _ in range(2):
        cluster.bay.admit_nodes(print)
    secret = cluster.api.get(SECRET)
    told = {name: base64.b64decode(text).decode() for name, text in secret["data"].items()}
    left = datetime.fromisoformat(told["expiration"]) - datetime.now(UTC)
    assert secret["type"] == "bootstrap.kubernetes.io/token"
    assert f"{told['token-id']}.{told['token-secret']}" == TOKEN
    assert told["auth-extra-groups"] == "system:bootstrappers:kubeadm:default-node-token"
    assert timedelta(minutes=119) < left <= timedelta(hours=2)
    assert (cluster.bay.revoke_admission(), cluster.bay.revoke_admission()) == (True, False)
