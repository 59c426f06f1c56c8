"""What must happen to containers, and where."""

from __future__ import annotations

from typing import Any

import pytest

from magnumctl.blueprint.model import Container
from magnumctl.coe.docker.live import Live
from magnumctl.coe.docker.planning import workload_changes
from magnumctl.coe.docker.steps import steps
from magnumctl.errors import WorkloadRejectedError
from magnumctl.manifests import ContainerWish, container_wishes

NODES = ("workers-0", "workers-1", "workers-2")


def wish(name: str, **fields: Any) -> ContainerWish:
    given = {"name": name, "bay": "edge", "image": "redis:8", **fields}
    return container_wishes("edge", "u1", [Container.model_validate(given)])[0]


def live(of: ContainerWish, node: str, **fields: Any) -> Live:
    given = {
        "id": f"{of.name}@{node}",
        "name": of.name,
        "state": "running",
        "status": "Up 3 minutes",
        "digest": of.digest,
    }
    return Live(**{"node": node, "wish_name": of.name, "image": of.image, **given, **fields})


def planned(wishes: list[ContainerWish], lives: list[Live]) -> list[tuple[str, str, str]]:
    changes = workload_changes(steps("edge", wishes, lives, NODES))
    return [(change.name, change.action, change.reason) for change in changes]


def test_new_containers_go_where_fewest_are() -> None:
    """Those that are there count, those that are placed count too, and the first node wins a tie."""
    old, names = wish("old"), ["c1", "c2", "c3"]
    found = planned([old, *map(wish, names)], [live(old, "workers-0")])
    assert found == [
        ("old", "none", ""),
        ("c1", "create", "on workers-1"),
        ("c2", "create", "on workers-2"),
        ("c3", "create", "on workers-0"),
    ]


def test_a_bay_without_nodes_takes_no_container() -> None:
    """Said in words, with the container's name."""
    with pytest.raises(WorkloadRejectedError, match="bay edge: no node can hold container cache"):
        steps("edge", [wish("cache")], [], ())


def test_containers_that_publish_one_port_go_to_different_nodes() -> None:
    """A second one on the same node could not start, however few are there."""
    port = {"ports": [{"container_port": 80, "host_port": 80}]}
    pinned = [wish("p1", node="workers-0", **port), wish("c1", node="workers-1"), wish("c2", node="workers-2")]
    found = planned([*pinned, wish("web", **port), wish("www", **port)], [])
    assert found[3:] == [("web", "create", "on workers-1"), ("www", "create", "on workers-2")]


def test_a_container_stays_on_its_node_however_crowded() -> None:
    """Balance is for new containers; what runs is not moved."""
    crowd = [wish(f"c{number}") for number in range(4)]
    assert {action for _, action, _ in planned(crowd, [live(each, "workers-2") for each in crowd])} == {"none"}


def test_a_container_that_was_never_started_is_started() -> None:
    """A push that was cut off is taken up again."""
    one = wish("one")
    assert planned([one], [live(one, "workers-0", state="created")]) == [("one", "update", "was never started")]


def test_one_that_is_being_removed_is_made_anew() -> None:
    """An engine lists a container until it is gone."""
    one = wish("one")
    assert planned([one], [live(one, "workers-0", state="removing")])[0][1] == "replace"


def test_a_stopped_container_is_left_stopped() -> None:
    """Somebody stopped it; the wish says what it is, not that it runs."""
    one = wish("one", restart="always")
    assert planned([one], [live(one, "workers-0", state="exited")])[0][1] == "none"


def test_what_an_interrupted_replacement_left_is_deleted() -> None:
    """The old container under its makeshift name is never taken for the wish's."""
    one = wish("one")
    aside = live(one, "workers-0", name="one-replaced-0123", id="aside", state="exited")
    assert planned([one], [aside]) == [("one", "create", "on workers-0; left over from a replacement")]
    assert planned([one], [aside, live(one, "workers-0")]) == [("one", "update", "left over from a replacement")]


def test_a_second_copy_on_another_node_is_deleted() -> None:
    """One wish is one container; the pinned node's is kept."""
    one = wish("one", node="workers-2")
    found = planned([one], [live(one, "workers-0"), live(one, "workers-2")])
    assert found == [("one", "update", "is on workers-0 as well")]
