"""Steps on objects as changes of pods and services, and fields as people read them."""

from __future__ import annotations

from typing import Any

from magnumctl.blueprint.model import Pod
from magnumctl.coe.contract import Action
from magnumctl.coe.kubernetes.changed_fields import changed_fields
from magnumctl.coe.kubernetes.planning import workload_changes
from magnumctl.coe.kubernetes.pushing import stage_of
from magnumctl.coe.kubernetes.steps import Step
from magnumctl.manifests import KubernetesObject, kubernetes_objects


def wish(kind: str, pod: str = "raw") -> KubernetesObject:
    text = f"{{apiVersion: v1, kind: {kind}, metadata: {{name: x}}}}"
    return kubernetes_objects("web", "u1", [Pod(name=pod, bay="web", manifest=text)], [])[0]


def change(*actions: Action) -> tuple[str, str]:
    kinds = ["ConfigMap", "Secret", "Pod"]
    (found,) = workload_changes(
        [Step(action, "", wish(kind), None) for action, kind in zip(actions, kinds, strict=False)]
    )
    return found.action, found.reason


def test_the_objects_of_a_manifest_change_together() -> None:
    """One pod of the blueprint is one line of the plan, which says what happens to each object."""
    assert change("create", "create") == ("create", "create ConfigMap/x; create Secret/x")
    assert change("none", "create") == ("update", "create Secret/x")
    assert change("none", "replace") == ("replace", "replace Secret/x")
    assert change("update", "replace") == ("update", "update ConfigMap/x; replace Secret/x")
    assert change("none", "none") == ("none", "")


def test_what_others_refer_to_comes_first() -> None:
    """Namespaces, then new kinds, then settings, then what runs."""
    kinds = ["Pod", "ConfigMap", "CustomResourceDefinition", "Namespace", "Widget"]
    assert [stage_of(Step("create", "", wish(kind), None)) for kind in kinds] == [3, 2, 1, 0, 3]


def pod(image: str, **env: str) -> dict[str, Any]:
    variables = [{"name": name, "value": value} for name, value in env.items()]
    return {"spec": {"containers": [{"name": "c", "image": image, "env": variables}]}}


def test_a_changed_field_is_named_by_its_path() -> None:
    """Containers and variables are named, not numbered."""
    assert changed_fields(pod("a", X="1"), pod("b", X="1")) == ("spec.containers[c].image",)
    assert changed_fields(pod("a", X="1"), pod("a", X="2", Y="3")) == (
        "spec.containers[c].env[X].value",
        "spec.containers[c].env[Y]",
    )


def test_the_server_s_own_fields_are_no_change() -> None:
    """Versions, managers and status move at every look."""
    before = {"metadata": {"resourceVersion": "1", "managedFields": [1]}, "status": {"x": 1}, "spec": {}}
    assert changed_fields(before, {"metadata": {"resourceVersion": "2", "managedFields": []}, "spec": {}}) == ()


def test_many_changes_are_counted() -> None:
    """A plan's line stays a line."""
    before, after = ({str(number): version for number in range(8)} for version in "ab")
    assert changed_fields(before, after) == ("0", "1", "2", "3", "4", "and 3 more")
