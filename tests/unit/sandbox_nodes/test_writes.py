"""Objects through the API server's own path, without a network."""

from __future__ import annotations

from typing import Any

import pytest

from magnumctl.sandbox.nodes.kubernetes.allocation import ServiceAddresses
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.patches import APPLY, MERGE
from magnumctl.sandbox.nodes.kubernetes.store import Store
from magnumctl.sandbox.nodes.kubernetes.writes import Deletion, Manner, Target, Writes

Json = dict[str, Any]
ME = Manner("me")
DEPLOYMENT, SERVICE, POD, NAMESPACE = map(find_built_in, ("Deployment", "Service", "Pod", "Namespace"))


@pytest.fixture
def writes() -> Writes:
    store = Store(lambda: None)
    made = Writes(store, ServiceAddresses(store, "10.96.0.0/12"))
    made.create(Target(NAMESPACE), {"metadata": {"name": "default"}}, ME)
    return made


def deployment(image: str = "nginx:1.29", label: str = "web") -> Json:
    pod = {"containers": [{"name": "web", "image": image}]}
    template = {"metadata": {"labels": {"app": label}}, "spec": pod}
    spec = {"selector": {"matchLabels": {"app": label}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def service(**spec: Any) -> Json:
    spec = {"ports": [{"port": 80}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}


def at(kind: Any, name: str = "") -> Target:
    return Target(kind, "default", name)


def test_defaults_are_written_in(writes: Writes) -> None:
    """Replicas, strategy, pull policy."""
    spec = writes.create(at(DEPLOYMENT), deployment(), ME)["spec"]
    container = spec["template"]["spec"]["containers"][0]
    found = spec["replicas"], spec["strategy"]["type"], container["imagePullPolicy"]
    assert found == (1, "RollingUpdate", "IfNotPresent")


def test_only_a_change_gives_a_new_version(writes: Writes) -> None:
    """Applying the same again is nothing; another image is a new version and generation."""
    target = at(DEPLOYMENT, "web")
    versions = [
        writes.patch(target, APPLY, deployment(image), ME)["metadata"]
        for image in ("nginx:1.29", "nginx:1.29", "nginx:1.30")
    ]
    same = versions[0]["resourceVersion"] == versions[1]["resourceVersion"] != versions[2]["resourceVersion"]
    assert (same, [each["generation"] for each in versions]) == (True, [1, 1, 2])


def test_a_dry_run_changes_nothing(writes: Writes) -> None:
    """It answers as if it had."""
    rehearsal = Manner("me", dry_run=True)
    made = writes.patch(at(DEPLOYMENT, "web"), APPLY, deployment(), rehearsal)
    with pytest.raises(ApiError) as absent:
        writes.delete(at(DEPLOYMENT, "web"), Deletion())
    assert (made["spec"]["replicas"], absent.value.code) == (1, 404)


def test_a_selector_cannot_change(writes: Writes) -> None:
    """In the words that the pusher looks for."""
    writes.create(at(DEPLOYMENT), deployment(), ME)
    with pytest.raises(ApiError, match=r"spec.selector: Invalid value: .*: field is immutable"):
        writes.replace(at(DEPLOYMENT, "web"), deployment(label="other"), ME)


def test_services_keep_their_addresses(writes: Writes) -> None:
    """Given once, from the service network, also over an update that does not say them."""
    given = writes.create(at(SERVICE), service(type="NodePort"), ME)["spec"]
    kept = writes.replace(at(SERVICE, "web"), service(type="NodePort"), ME)["spec"]
    assert (given["clusterIP"], given["ports"]) == (kept["clusterIP"], kept["ports"])
    assert given["clusterIP"].startswith("10.9")


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        (POD, {"metadata": {"name": "Bad_Name"}, "spec": {}}, "a lowercase RFC 1123 subdomain must consist of"),
        (POD, {"metadata": {"name": "p"}, "spec": {"containers": []}}, "spec.containers: Required value"),
        (POD, {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a"}]}}, r"containers\[0\].image: Required"),
        (SERVICE, service(ports=[{"port": 70000}]), "must be between 1 and 65535, inclusive"),
        (SERVICE, service(clusterIP="10.0.0.1"), "not in the valid range"),
        (SERVICE, {"metadata": {"name": "1web"}, "spec": {"ports": [{"port": 1}]}}, "DNS-1035"),
    ],
)
def test_what_cannot_be_is_invalid(writes: Writes, kind: Any, body: Json, message: str) -> None:
    """422 with the field."""
    with pytest.raises(ApiError, match=message) as refused:
        writes.create(at(kind), body, ME)
    assert (refused.value.code, refused.value.reason) == (422, "Invalid")


def test_a_namespace_must_be_there(writes: Writes) -> None:
    """404 that names it."""
    with pytest.raises(ApiError, match='namespaces "other" not found'):
        writes.create(Target(SERVICE, "other"), service(), ME)


def test_an_old_version_is_a_conflict(writes: Writes) -> None:
    """Optimistic locking."""
    made = writes.create(at(SERVICE), service(), ME)
    writes.patch(at(SERVICE, "web"), MERGE, {"metadata": {"labels": {"a": "b"}}}, ME)
    with pytest.raises(ApiError, match="the object has been modified"):
        writes.replace(at(SERVICE, "web"), made, ME)


def test_finalizers_hold_a_deleted_object(writes: Writes) -> None:
    """It goes when the last one is taken away."""
    body = service()
    body["metadata"]["finalizers"] = ["example.com/wait"]
    writes.create(at(SERVICE), body, ME)
    waiting = writes.delete(at(SERVICE, "web"), Deletion())
    writes.patch(at(SERVICE, "web"), MERGE, {"metadata": {"finalizers": None}}, ME)
    with pytest.raises(ApiError) as absent:
        writes.delete(at(SERVICE, "web"), Deletion())
    assert ("deletionTimestamp" in waiting["metadata"], absent.value.code) == (True, 404)
