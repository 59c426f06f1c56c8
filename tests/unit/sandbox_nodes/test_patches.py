from __future__ import annotations

import pytest

from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.patches import json_patched, merge_patched, strategic_patched


def test_a_merge_patch_replaces_lists_and_removes_nulls() -> None:
    """RFC 7386."""
    assert merge_patched({"a": {"b": 1, "c": 2}, "l": [1]}, {"a": {"b": None}, "l": [2]}) == {"a": {"c": 2}, "l": [2]}


def test_a_strategic_patch_merges_containers_by_name() -> None:
    """The other container stays, directives are obeyed."""
    live = {"containers": [{"name": "a", "image": "1"}, {"name": "b", "image": "1"}]}
    patch = {"containers": [{"name": "a", "image": "2"}, {"name": "b", "$patch": "delete"}]}
    assert strategic_patched(live, patch) == {"containers": [{"name": "a", "image": "2"}]}


def test_json_patch_operations_are_done_in_order() -> None:
    """add, replace, move, remove, with escaped pointers."""
    operations = [
        {"op": "add", "path": "/l/-", "value": 2},
        {"op": "replace", "path": "/a~1b", "value": "x"},
        {"op": "move", "from": "/a~1b", "path": "/c"},
        {"op": "remove", "path": "/l/0"},
        {"op": "test", "path": "/c", "value": "x"},
    ]
    assert json_patched({"l": [1], "a/b": ""}, operations) == {"l": [2], "c": "x"}


def test_a_json_patch_that_does_not_fit_is_422() -> None:
    """The path is not there."""
    with pytest.raises(ApiError) as refused:
        json_patched({}, [{"op": "replace", "path": "/a", "value": 1}])
    assert refused.value.code == 422
