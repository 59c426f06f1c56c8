"""What somebody changed by hand is named by `drift`, which changes nothing itself, and undone by the next apply."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from magnumctl.identity import connect
from tests.conftest import CloudUnderTest

from .by_hand import ByHand, Kubectl
from .command import Magnumctl


@pytest.fixture
def by_hand(sandbox_cloud: CloudUnderTest) -> ByHand:
    return ByHand(connect(sandbox_cloud.name, sandbox_cloud.environ).session)


def drift(magnumctl: Magnumctl, bay: str) -> dict:
    finished = magnumctl("drift", "--bay", bay, "-o", "json")
    assert finished.exit_code == 2, finished.stdout + finished.stderr
    return finished.report["bays"][0]


def states(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in (folder / ".magnumctl").rglob("*.tfstate")}


def heals(magnumctl: Magnumctl) -> None:
    magnumctl.must("apply", "--yes")
    healed = magnumctl("drift", "-o", "json")
    assert healed.exit_code == 0, healed.stdout


def test_a_bay_as_it_was_applied_has_no_drift(both: Magnumctl) -> None:
    """Exit code 0, and nothing in the report."""
    bays = both.report("drift")["bays"]
    assert [(bay["resources"], bay["workloads"], bay["error"]) for bay in bays] == [([], [], "")] * 2


def test_what_was_done_by_hand_is_named_and_nothing_is_changed(both: Magnumctl, by_hand: ByHand) -> None:
    """A resized server, an opened security group and a removed container; the state file stays as it is."""
    before = states(both.folder)
    by_hand.resize("edge-workers-1", "m1.medium")
    rule = by_hand.open_port("edge", 22)
    by_hand.remove_container(both, "web")
    found = drift(both, "edge")
    by_hand.close(rule)
    assert {(row["change"], row["node"]) for row in found["resources"]} == {("changed", "workers-1"), ("added", None)}
    assert "m1.small, now m1.medium" in json.dumps(found["resources"])
    assert "ingress tcp 22 from 0.0.0.0/0" in json.dumps(found["resources"])
    assert [(row["name"], row["change"]) for row in found["workloads"]] == [("web", "deleted")]
    assert states(both.folder) == before
    heals(both)


def delete_a_node(by_hand: ByHand) -> None:
    by_hand.delete_rules("edge")
    by_hand.delete_server("edge-workers-1")
    by_hand.delete_floating_ip("edge-workers-1")


def delete_a_way(by_hand: ByHand) -> None:
    by_hand.delete_port("edge-workers-1")
    by_hand.delete_router_interface("edge")


@pytest.mark.parametrize("delete", [delete_a_node, delete_a_way])
def test_what_was_deleted_by_hand_comes_back(
    both: Magnumctl, by_hand: ByHand, delete: Callable[[ByHand], None]
) -> None:
    """Security group rules, a server and its floating IP; a port and the router's interface."""
    delete(by_hand)
    heals(both)
    assert {row["status"] for row in both.report("container", "list")["containers"]} == {"ready"}


def test_what_was_done_inside_a_kubernetes_bay_is_named(both: Magnumctl, by_hand: ByHand) -> None:
    """A field that another manager owns, with its name; a deleted Deployment and a lost API address are made anew."""
    kubectl = Kubectl(both, "web")

    kubectl.patch("/api/v1/namespaces/default/services/nginx", {"spec": {"ports": [{"port": 80, "targetPort": 81}]}})
    kubectl.delete("/apis/apps/v1/namespaces/default/deployments/nginx")
    found = {(row["kind"], row["name"]): row for row in drift(both, "web")["workloads"]}
    assert {key: (row["change"], row["manager"]) for key, row in found.items()} == {
        ("pod", "nginx"): ("deleted", ""),
        ("service", "nginx"): ("changed", "by-hand"),
    }
    assert "targetPort" in found["service", "nginx"]["message"]

    kubectl.delete("/api/v1/namespaces/default/services/nginx")
    by_hand.delete_floating_ip("web-control-plane-0")
    heals(both)
    assert {row["status"] for row in both.report("pod", "list")["pods"]} == {"ready"}
