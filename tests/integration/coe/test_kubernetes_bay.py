"""What a Kubernetes bay promises, held by a real API server and by the sandbox's nodes alike."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from magnumctl.blueprint.model import Pod, Service
from magnumctl.coe.contract import ClientTls, NodeStatus, WorkloadChange
from magnumctl.coe.kubernetes import KubernetesBay
from magnumctl.coe.kubernetes.transport import Transport
from magnumctl.errors import CoeError, CoeUnreachableError, NotReadyError, WorkloadRejectedError
from magnumctl.manifests import KubernetesObject, kubernetes_objects
from magnumctl.pki import client_certificate, new_secrets
from tests.components.kube_apiserver import ApiServer
from tests.components.server import loopback_addresses
from tests.components.stand_in import FORCE, StandIn
from tests.integration.coe.emulated import emulated_cluster

(EMULATED,) = loopback_addresses(1)
NODES = ("control-plane-0", "workers-0")
ADMINS = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {"name": "magnumctl-admins"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
    "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "magnumctl:admins"}],
}


@dataclass(frozen=True)
class Cluster:
    address: str
    port: int
    tls: ClientTls

    def bay(self, bay_uuid: str) -> KubernetesBay:
        return KubernetesBay(self.address, self.port, self.tls, "web", bay_uuid)

    @property
    def api(self) -> Transport:
        """For what somebody else does in the bay."""
        return Transport(self.address, self.port, self.tls, "web")


@contextmanager
def real(server: ApiServer) -> Iterator[Cluster]:
    """The first thing that kubeadm's node does is to make the bay's users its admins."""
    api = Transport(server.address, server.port, server.admin, "web")
    api.apply(f"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/magnumctl-admins{FORCE}", ADMINS)
    with StandIn(api, tuple(f"web-{name}" for name in NODES)):
        yield Cluster(server.address, server.port, server.tls)


@contextmanager
def emulated() -> Iterator[Cluster]:
    with emulated_cluster(EMULATED) as tls:
        yield Cluster(EMULATED, 6443, tls)


@pytest.fixture(scope="module", params=["real", "sandbox"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    engine = real(request.getfixturevalue("kube_apiserver")) if request.param == "real" else emulated()
    with engine as found:
        yield found


@dataclass(frozen=True)
class Bay:
    """The bay under test with wishes of its own mark."""

    coe: KubernetesBay
    uuid: str

    def wishes(self, *pods: Pod, services: tuple[Service, ...] = ()) -> tuple[KubernetesObject, ...]:
        return kubernetes_objects("web", self.uuid, pods, services)

    def push(self, wishes: tuple[KubernetesObject, ...]) -> None:
        self.coe.push(wishes, print)
        self.coe.wait_for_workloads(wishes, 30, print)

    def actions(self, wishes: tuple[KubernetesObject, ...]) -> list[tuple[str, str]]:
        return [(change.name, change.action) for change in self.coe.plan(wishes)]

    def states(self) -> list[tuple[str, str, str]]:
        return [(each.kind, each.name, each.state) for each in self.coe.workloads()]


@pytest.fixture
def bay(cluster: Cluster) -> Iterator[Bay]:
    """Holds nothing, and holds nothing again afterwards."""
    name = str(uuid.uuid4())
    opened = Bay(cluster.bay(name), name)
    opened.coe.wait_for_nodes(NODES, 30, print)
    yield opened
    opened.coe.push((), print)


def pod(name: str, **fields: object) -> Pod:
    container = {"name": name, "image": fields.pop("image", "nginx:1.29"), "env": fields.pop("env", {})}
    container["command"] = fields.pop("command", ())
    given = {"labels": {"app": name}, "containers": [container], **fields}
    return Pod.model_validate({"name": name, "bay": "web", **given})


def service(name: str) -> Service:
    ports = [{"port": 80, "target_port": 80}]
    return Service.model_validate({"name": name, "bay": "web", "selector": {"app": name}, "ports": ports})


def manifest(name: str, text: str, **fields: object) -> Pod:
    return Pod.model_validate({"name": name, "bay": "web", "manifest": text, **fields})


def test_nodes_are_called_as_in_the_bay(cluster: Cluster) -> None:
    """The bay's prefix of a server's name is no part of the node's name."""
    cluster.bay("u").wait_for_nodes(NODES, 30, print)
    assert cluster.bay("u").nodes() == (NodeStatus("control-plane-0", "ready"), NodeStatus("workers-0", "ready"))


def test_waiting_for_nodes_tells_of_each(cluster: Cluster) -> None:
    """One line a node."""
    lines: list[str] = []
    cluster.bay("u").wait_for_nodes(NODES, 30, lines.append)
    assert lines == ["node control-plane-0: ready", "node workers-0: ready"]


def test_a_node_that_never_joins_is_named(cluster: Cluster) -> None:
    """After the time is over, the error says which node is missing."""
    with pytest.raises(NotReadyError) as missing:
        cluster.bay("u").wait_for_nodes([*NODES, "workers-7"], 0.5, print)
    assert (missing.value.summary, missing.value.detail) == (
        "bay web: 1 node is not ready after 0 s",
        "workers-7: has not joined",
    )


def test_plan_of_an_empty_bay_creates_all_and_changes_nothing(bay: Bay) -> None:
    """A plan is only a plan."""
    wished = bay.wishes(pod("nginx", replicas=2), services=(service("nginx"),))
    assert bay.coe.plan(wished) == (
        WorkloadChange("pod", "nginx", "create"),
        WorkloadChange("service", "nginx", "create"),
    )
    assert bay.coe.workloads() == ()


def test_pushed_workloads_become_ready_and_stay(bay: Bay) -> None:
    """A deployment, a single pod and a service come up, and the next plan says none."""
    wished = bay.wishes(pod("nginx", replicas=2), pod("alone"), services=(service("nginx"),))
    bay.push(wished)
    assert bay.states() == [("pod", "alone", "ready"), ("pod", "nginx", "ready"), ("service", "nginx", "ready")]
    assert bay.actions(wished) == [("nginx", "none"), ("alone", "none"), ("nginx", "none")]


def test_workloads_say_where_and_what(bay: Bay) -> None:
    """The status of a pod names its image and its node."""
    bay.push(bay.wishes(pod("alone")))
    (status,) = bay.coe.workloads()
    assert (status.image, status.node in NODES) == ("nginx:1.29", True)


def test_what_was_pushed_is_named_as_kubernetes_does(bay: Bay) -> None:
    """The reference is kind, namespace and name."""
    wished = bay.wishes(pod("nginx", replicas=1))
    (pushed,) = bay.coe.push(wished, print)
    assert (pushed.reference, pushed.digest) == ("Deployment/default/nginx", wished[0].digest)


def test_a_change_of_a_deployment_is_made_in_place(bay: Bay) -> None:
    """The plan names the changed field."""
    bay.push(bay.wishes(pod("nginx", replicas=1, env={"MODE": "test"})))
    changed = bay.wishes(pod("nginx", replicas=2, env={"MODE": "prod"}))
    (planned,) = bay.coe.plan(changed)
    assert planned == WorkloadChange(
        "pod", "nginx", "update", "spec.replicas, spec.template.spec.containers[nginx].env[MODE].value"
    )
    bay.push(changed)
    assert bay.actions(changed) == [("nginx", "none")]


def test_a_pod_s_image_changes_in_place_its_environment_by_replacement(bay: Bay) -> None:
    """Kubernetes itself is asked what may change in place."""
    bay.push(bay.wishes(pod("alone")))
    assert bay.actions(bay.wishes(pod("alone", image="nginx:1.30"))) == [("alone", "update")]
    changed = bay.wishes(pod("alone", env={"MODE": "prod"}))
    assert bay.actions(changed) == [("alone", "replace")]
    bay.push(changed)
    assert bay.actions(changed) == [("alone", "none")]


def test_what_the_blueprint_no_longer_has_is_deleted(bay: Bay, cluster: Cluster) -> None:
    """Prune removes ours, and only ours: another bay's pods stay."""
    other = Bay(cluster.bay("other"), "other")
    other.push(other.wishes(pod("foreign")))
    bay.push(bay.wishes(pod("one"), pod("two", replicas=1), services=(service("one"),)))
    left = bay.wishes(pod("two", replicas=1))
    assert bay.actions(left) == [("two", "none"), ("one", "delete"), ("one", "delete")]
    bay.push(left)
    assert (bay.actions(left), other.states()) == ([("two", "none")], [("pod", "foreign", "ready")])
    other.coe.push((), print)


def test_a_field_that_somebody_else_holds_is_not_taken(bay: Bay, cluster: Cluster) -> None:
    """The refusal names the other manager and the field."""
    bay.push(bay.wishes(pod("nginx", replicas=1)))
    scaled = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "nginx"}, "spec": {"replicas": 2}}
    path = "/apis/apps/v1/namespaces/default/deployments/nginx?fieldManager=autoscaler&force=true"
    cluster.api.apply(path, scaled)
    with pytest.raises(WorkloadRejectedError) as refused:
        bay.coe.plan(bay.wishes(pod("nginx", replicas=3)))
    assert refused.value.summary == "bay web: pod nginx was refused (Deployment nginx)"
    assert refused.value.detail == "spec.replicas was set by autoscaler"


def test_an_object_that_somebody_else_made_is_left_alone(bay: Bay, cluster: Cluster) -> None:
    """A service of the wished name without our mark refuses the plan."""
    body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "theirs"}, "spec": {"ports": [{"port": 80}]}}
    path = "/api/v1/namespaces/default/services/theirs"
    cluster.api.apply(f"{path}?fieldManager=somebody", body)
    with pytest.raises(WorkloadRejectedError) as refused:
        bay.coe.plan(bay.wishes(services=(service("theirs"),)))
    assert refused.value.detail == "the bay holds a Service of this name that magnumctl did not make"
    cluster.api.delete(path, {"apiVersion": "v1", "kind": "DeleteOptions"})


def test_a_namespace_that_is_missing_is_said(bay: Bay) -> None:
    """The refusal is Kubernetes' own, with what to do."""
    with pytest.raises(WorkloadRejectedError) as refused:
        bay.coe.push(bay.wishes(pod("nginx", replicas=1, namespace="nowhere")), print)
    assert refused.value.detail == 'namespaces "nowhere" not found'
    assert refused.value.hint.startswith("declare the namespace in a manifest")


def test_a_manifest_s_objects_are_one_pod(bay: Bay) -> None:
    """A namespace, what lies in it, and a pod that refers to it: pushed in an order that works."""
    raw = (
        "{apiVersion: v1, kind: Pod, metadata: {name: raw, namespace: lab}, spec: {containers: [{name: c, image: i}]}}"
    )
    settings = "{apiVersion: v1, kind: ConfigMap, metadata: {name: raw, namespace: lab}, data: {on: 'yes'}}"
    namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: lab}}"
    text = f"{raw}\n---\n{settings}\n---\n{namespace}"
    wished = bay.wishes(manifest("raw", text))
    bay.push(wished)
    assert (bay.states(), bay.actions(wished)) == ([("pod", "raw", "ready")], [("raw", "none")])
    first = bay.wishes(manifest("raw", f"{settings}\n---\n{namespace}"))
    assert bay.coe.plan(first)[0] == WorkloadChange(
        "pod", "raw", "update", "delete Pod/lab/raw (the blueprint no longer has it)"
    )


def test_an_unknown_kind_is_refused(bay: Bay) -> None:
    """The plan says so, before anything is pushed."""
    text = "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}"
    with pytest.raises(WorkloadRejectedError) as refused:
        bay.coe.plan(bay.wishes(manifest("raw", text)))
    assert refused.value.detail == "the bay knows no kind Widget in example.com/v1"


def test_a_manifest_that_kubernetes_does_not_understand_is_refused(bay: Bay) -> None:
    """An unknown field is an error, never silently dropped."""
    text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: odd}, dada: {a: b}}"
    with pytest.raises(WorkloadRejectedError) as refused:
        bay.coe.push(bay.wishes(manifest("odd", text)), print)
    assert "dada" in refused.value.detail


def test_an_image_that_cannot_be_pulled_is_given_up_with_its_name(bay: Bay) -> None:
    """Not at the first stutter of a registry, but long before the time is over."""
    wished = bay.wishes(pod("nginx", replicas=1, image="no-such-image:1"))
    bay.coe.push(wished, print)
    with pytest.raises(NotReadyError) as failed:
        bay.coe.wait_for_workloads(wished, 60, print)
    assert failed.value.summary == "bay web: pod nginx cannot become ready"
    assert "image no-such-image:1 cannot be pulled" in failed.value.detail


def test_a_crash_loop_is_given_up_with_the_exit_code(bay: Bay) -> None:
    """The last words of the container are in the error."""
    wished = bay.wishes(pod("one", command=("sh", "-c", "echo no disk; exit 3")))
    bay.coe.push(wished, print)
    with pytest.raises(NotReadyError) as failed:
        bay.coe.wait_for_workloads(wished, 60, print)
    assert "exit code 3" in failed.value.detail


def test_a_pod_that_fits_nowhere_says_why(bay: Bay) -> None:
    """The scheduler's own words are the reason."""
    text = """
        apiVersion: v1
        kind: Pod
        metadata: {name: picky}
        spec: {nodeSelector: {disk: ssd}, containers: [{name: c, image: "nginx:1.29"}]}
    """
    wished = bay.wishes(manifest("picky", text))
    bay.coe.push(wished, print)
    with pytest.raises(NotReadyError) as failed:
        bay.coe.wait_for_workloads(wished, 2, print)
    assert failed.value.detail.startswith("pod picky: waiting, not scheduled: 0/2 nodes are available")


def test_a_service_with_nothing_behind_it_says_so(bay: Bay) -> None:
    """It is there, so it is ready; that no pod answers is worth a word."""
    bay.push(bay.wishes(services=(service("empty"),)))
    assert bay.coe.workloads()[0].message == "no endpoints: no ready pod has app=empty"


def test_an_address_where_nothing_answers_is_named(cluster: Cluster) -> None:
    """The error has the address and the system's reason."""
    with pytest.raises(CoeUnreachableError) as unreachable:
        KubernetesBay("127.88.9.9", 6443, cluster.tls, "web", "u").nodes()
    assert unreachable.value.summary == "bay web: the Kubernetes API at https://127.88.9.9:6443 does not answer"
    assert "Connection refused" in unreachable.value.detail


def test_an_api_server_with_another_authority_is_not_trusted(cluster: Cluster) -> None:
    """The client talks to its own bay only."""
    other = client_certificate(new_secrets("kubernetes", []), "tester", timedelta(hours=1))
    with pytest.raises(CoeUnreachableError) as refused:
        replace(cluster, tls=replace(cluster.tls, ca=other.ca)).bay("u").nodes()
    assert "certificate verify failed" in refused.value.detail


def test_strangers_are_not_let_in(cluster: Cluster) -> None:
    """A certificate of another bay opens nothing."""
    other = client_certificate(new_secrets("kubernetes", []), "tester", timedelta(hours=1))
    tls = replace(cluster.tls, certificate=other.certificate, key=other.key)
    with pytest.raises(CoeError):
        replace(cluster, tls=tls).bay("u").nodes()
