from __future__ import annotations

import copy
from typing import Any

import pytest

from magnumctl.sandbox.nodes.kubernetes.apply import applied
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.fields import fields_of, from_v1, spoken, to_v1
from magnumctl.sandbox.nodes.kubernetes.managers import updated

Json = dict[str, Any]


def pod(image: str = "nginx:1", **env: str) -> Json:
    container: Json = {"name": "web", "image": image}
    if env:
        container["env"] = [{"name": name, "value": value} for name, value in env.items()]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [container]}}


def first(wish: Json) -> Json:
    empty: Json = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}
    return applied(empty, wish, "one", force=False)


def test_field_sets_survive_their_encoding() -> None:
    """FieldsV1 there and back."""
    paths = fields_of(pod(A="1"))
    assert from_v1(to_v1(paths)) == paths


def test_paths_are_spoken_as_kubernetes_does() -> None:
    """Names with points, list items by their keys."""
    assert '.spec.containers[name="web"].image' in {spoken(path) for path in fields_of(pod())}


def test_what_is_applied_no_longer_goes() -> None:
    """A variable left out of the second apply is removed from the list."""
    live = first(pod(A="1", B="2"))
    after = applied(copy.deepcopy(live), pod(A="1"), "one", force=False)
    assert after["spec"]["containers"][0]["env"] == [{"name": "A", "value": "1"}]


def test_what_another_holds_too_stays() -> None:
    """Two managers applied the variable, one gives it up."""
    live = applied(first(pod(A="1")), pod(A="1"), "two", force=False)
    after = applied(copy.deepcopy(live), pod(), "one", force=False)
    assert after["spec"]["containers"][0]["env"] == [{"name": "A", "value": "1"}]


def test_a_conflict_names_the_manager_and_the_field() -> None:
    """As kube-apiserver's causes do."""
    with pytest.raises(ApiError) as refused:
        applied(first(pod()), pod("nginx:2"), "two", force=False)
    cause = {
        "reason": "FieldManagerConflict",
        "message": 'conflict with "one" using v1',
        "field": '.spec.containers[name="web"].image',
    }
    assert (refused.value.code, refused.value.details) == (409, {"causes": [cause]})


def test_force_takes_the_field_over() -> None:
    """The other manager no longer has it."""
    after = applied(first(pod()), pod("nginx:2"), "two", force=True)
    holders = [each["manager"] for each in after["metadata"]["managedFields"] if "f:image" in str(each["fieldsV1"])]
    assert (after["spec"]["containers"][0]["image"], holders) == ("nginx:2", ["two"])


def test_an_update_takes_what_it_changes_from_the_applier() -> None:
    """Afterwards an apply of the old value is a conflict with the updater."""
    live = first(pod())
    after = copy.deepcopy(live)
    after["spec"]["containers"][0]["image"] = "nginx:2"
    updated(live, after, "kubectl-edit")
    with pytest.raises(ApiError, match='conflict with "kubectl-edit"'):
        applied(after, pod(), "one", force=False)
