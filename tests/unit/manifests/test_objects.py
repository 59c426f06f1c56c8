"""Pods and services as Kubernetes objects."""

from __future__ import annotations

from typing import Any

import pytest

from magnumctl.blueprint.model import ContainerPort, Pod, PodContainer, Service, ServicePort
from magnumctl.errors import BlueprintError
from magnumctl.manifests import KubernetesObject, kubernetes_objects

MARKS = {"app.kubernetes.io/managed-by": "magnumctl", "magnumctl.io/bay": "u1", "magnumctl.io/pod": "nginx"}
CONTAINER = PodContainer(name="nginx", image="nginx:1.29", ports=(ContainerPort(container_port=80),))
SHOWN = {
    "name": "nginx",
    "image": "nginx:1.29",
    "terminationMessagePolicy": "FallbackToLogsOnError",
    "ports": [{"containerPort": 80, "protocol": "TCP"}],
}


def pod(**fields: Any) -> Pod:
    return Pod.model_validate({"name": "nginx", "bay": "web", "containers": (CONTAINER,), **fields})


def made(*pods: Pod, services: tuple[Service, ...] = ()) -> tuple[KubernetesObject, ...]:
    return kubernetes_objects("web", "u1", pods, services)


def one(given: Pod) -> KubernetesObject:
    (wish,) = made(given)
    return wish


def test_a_pod_without_replicas_is_a_pod() -> None:
    """The user's labels stand beside ours, the digest in an annotation."""
    wish = one(pod(labels={"app": "nginx"}))
    assert wish.body == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "nginx",
            "namespace": "default",
            "labels": {"app": "nginx", **MARKS},
            "annotations": {"magnumctl.io/digest": wish.digest},
        },
        "spec": {"containers": [SHOWN]},
    }


def test_a_pod_with_replicas_is_a_deployment_that_selects_by_our_mark() -> None:
    """The selector can never change, so it holds nothing of the user's."""
    spec = one(pod(replicas=3, labels={"app": "nginx"})).body["spec"]
    assert (spec["replicas"], spec["selector"]) == (3, {"matchLabels": {"magnumctl.io/pod": "nginx"}})
    assert spec["template"]["metadata"]["labels"] == {"app": "nginx", **MARKS}
    assert spec["template"]["spec"] == {"containers": [SHOWN]}


def test_the_template_s_digest_stays_when_only_replicas_change() -> None:
    """Scaling restarts no pod."""
    templates = [one(pod(replicas=count)).body["spec"]["template"] for count in (1, 2)]
    assert templates[0] == templates[1]


def test_equal_pods_have_equal_digests_and_changed_ones_do_not() -> None:
    """The digest is of what is wished."""
    assert one(pod()).digest == one(pod()).digest
    assert one(pod()).digest != one(pod(labels={"a": "b"})).digest


def test_a_service_names_its_ports_where_it_has_several() -> None:
    """Kubernetes refuses several ports without names; a single one needs none."""
    ports = (
        ServicePort(port=80, target_port=8080),
        ServicePort(port=53, target_port="dns", protocol="UDP", node_port=30053),
    )
    service = Service(name="web", bay="web", selector={"app": "nginx"}, ports=ports)
    (wish,) = made(services=(service,))
    assert wish.body["spec"] == {
        "type": "ClusterIP",
        "selector": {"app": "nginx"},
        "ports": [
            {"name": "tcp-80", "port": 80, "targetPort": 8080, "protocol": "TCP"},
            {"name": "udp-53", "port": 53, "targetPort": "dns", "protocol": "UDP", "nodePort": 30053},
        ],
    }


def test_environment_command_and_arguments_are_kept_in_order() -> None:
    """Kubernetes resolves $(NAME) by what stands before."""
    container = PodContainer(name="c", image="i", command=("sh",), args=("-c", "x"), env={"B": "1", "A": "$(B)"})
    spec = one(pod(containers=(container,))).body["spec"]["containers"][0]
    assert (spec["command"], spec["args"]) == (["sh"], ["-c", "x"])
    assert spec["env"] == [{"name": "B", "value": "1"}, {"name": "A", "value": "$(B)"}]


def manifest(text: str, name: str = "raw") -> Pod:
    return Pod(name=name, bay="web", manifest=text)


def test_a_manifest_gives_every_document_and_item() -> None:
    """Documents, and the items of Lists; empty documents are nothing."""
    text = """
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
---
{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Secret, metadata: {name: b}}]}
"""
    found = [(wish.kind, wish.name, wish.object_kind, wish.object_name) for wish in made(manifest(text))]
    assert found == [("pod", "raw", "ConfigMap", "a"), ("pod", "raw", "Secret", "b")]


def test_a_manifest_is_read_as_kubernetes_reads_it() -> None:
    """Dates and 1:30 stay text, keys become text, a status is left out."""
    data = "{day: 2026-01-02, at: 1:30, 8: yes, on: 0x10}"
    text = f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {data}, status: {{}}}}"
    (wish,) = made(manifest(text))
    assert wish.body["data"] == {"day": "2026-01-02", "at": "1:30", "8": True, "true": 16}
    assert "status" not in wish.body


def test_the_pods_of_a_manifest_s_deployment_carry_our_marks() -> None:
    """Its pods are found by them; what selects them is the user's."""
    text = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec: {selector: {matchLabels: {app: d}}, template: {metadata: {labels: {app: d}}, spec: {containers: []}}}
"""
    (wish,) = made(manifest(text))
    labels = wish.body["spec"]["template"]["metadata"]["labels"]
    assert labels == {"app": "d", **MARKS, "magnumctl.io/pod": "raw"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", " holds no Kubernetes object"),
        ("a: [", " is not valid YAML"),
        ("just words", ", document 1, is not an object but str"),
        ("{kind: Pod, metadata: {name: a}}", ", document 1, has no apiVersion"),
        ("{apiVersion: v1, metadata: {name: a}}", ", document 1, has no kind"),
        ("{apiVersion: v1, kind: Pod, metadata: {generateName: a}}", ", document 1, has no metadata.name"),
        ("{apiVersion: v1, kind: Pod, metadata: &m {name: a, x: *m}}", ", document 1, is too big"),
        (
            "{apiVersion: v1, kind: Pod, metadata: {name: a}, data: !!set {a}}",
            ", document 1, holds a value that JSON has no form for: set",
        ),
    ],
)
def test_a_manifest_that_cannot_be_applied_is_refused(text: str, said: str) -> None:
    """One sentence that names bay, pod and document."""
    with pytest.raises(BlueprintError) as refused:
        made(manifest(text))
    assert refused.value.summary == f"bay web: the manifest of pod raw{said}"


def test_an_alias_bomb_is_refused_and_not_unfolded() -> None:
    """Ten lines of aliases stand for a hundred million values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    text = "\n".join(["apiVersion: v1", "kind: ConfigMap", "metadata: {name: a}", *lines])
    with pytest.raises(BlueprintError, match="is too big"):
        made(manifest(text))


def test_two_wishes_for_one_object_are_refused() -> None:
    """Each would undo the other at every push."""
    twin = manifest("{apiVersion: v1, kind: Pod, metadata: {name: nginx, namespace: default}}")
    with pytest.raises(BlueprintError) as refused:
        made(pod(), twin)
    assert refused.value.summary == ("bay web: pod raw and pod nginx are both the Pod nginx in the namespace default")
