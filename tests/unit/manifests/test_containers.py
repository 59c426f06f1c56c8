"""Containers as wishes to Docker engines."""

from __future__ import annotations

from typing import Any

import pytest

from magnumctl.blueprint.model import Container
from magnumctl.errors import BlueprintError
from magnumctl.manifests import ContainerWish, container_wishes


def wish(**fields: Any) -> ContainerWish:
    given = {"name": "cache", "bay": "edge", "image": "redis:8", **fields}
    (made,) = container_wishes("edge", "u1", [Container.model_validate(given)])
    return made


def test_the_user_s_labels_stand_beside_ours() -> None:
    """Every container says whose it is, which, and of what digest."""
    made = wish(labels={"tier": "back"})
    assert made.labels == {
        "tier": "back",
        "app.kubernetes.io/managed-by": "magnumctl",
        "magnumctl.io/bay": "u1",
        "magnumctl.io/container": "cache",
        "magnumctl.io/digest": made.digest,
    }


@pytest.mark.parametrize(
    "change",
    [{"image": "redis:7"}, {"env": {"A": "1"}}, {"restart": "always"}, {"command": ["x"]}, {"labels": {"a": "b"}},
     {"ports": [{"container_port": 1, "host_port": 1}]}],
)  # fmt: skip
def test_a_change_of_the_specification_is_another_digest(change: dict[str, Any]) -> None:
    """Whatever an engine cannot change in place."""
    assert wish(**change).digest != wish().digest


def test_where_a_container_shall_run_is_not_in_its_digest() -> None:
    """A pin to the node that it is on rebuilds nothing."""
    assert wish(node="workers-1").digest == wish().digest


def test_a_name_of_one_letter_is_refused() -> None:
    """Docker would refuse it after the nodes were built."""
    with pytest.raises(BlueprintError, match="container c needs a longer name"):
        wish(name="c")
