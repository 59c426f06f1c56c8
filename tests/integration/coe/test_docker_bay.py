"""What a Docker bay promises, held by real engines and by the sandbox's alike."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from magnumctl.blueprint.model import Container, PublishedPort
from magnumctl.coe.contract import NodeAddress, WorkloadChange
from magnumctl.coe.docker import DockerBay
from magnumctl.errors import CoeUnreachableError, NotReadyError, WorkloadRejectedError
from magnumctl.manifests import ContainerWish, container_wishes
from magnumctl.pki import client_certificate, new_secrets
from tests.components.dockerd import Engines
from tests.components.server import loopback_addresses
from tests.integration.coe.emulated import emulated_engines

EMULATED = loopback_addresses(2)
SERVE = ("sh", "-c", "trap exit TERM; while true; do sleep 1; done")


@pytest.fixture(scope="module", params=["real", "sandbox"])
def engines(request: pytest.FixtureRequest) -> Iterator[Engines]:
    if request.param == "real":
        yield request.getfixturevalue("dockerd")
    else:
        with emulated_engines(EMULATED) as emulated:
            yield emulated


@pytest.fixture
def bay(engines: Engines) -> Iterator[DockerBay]:
    """A bay that holds nothing, and holds nothing again afterwards."""
    opened = DockerBay(engines.nodes, engines.tls, "edge", str(uuid.uuid4()))
    opened.wait_for_nodes(["workers-0", "workers-1"], 20, print)
    yield opened
    opened.push((), print)


def wishes(bay: DockerBay, *containers: Container) -> tuple[ContainerWish, ...]:
    return container_wishes("edge", bay._uuid, containers)


def container(name: str, **fields: object) -> Container:
    return Container.model_validate({"name": name, "bay": "edge", "image": "busybox:1.37", "command": SERVE, **fields})


def states(bay: DockerBay) -> dict[str, tuple[str, str]]:
    return {each.name: (each.state, each.node) for each in bay.workloads()}


def test_every_node_is_reported_once_it_is_ready(engines: Engines) -> None:
    """Waiting for nodes tells of each node."""
    lines: list[str] = []
    DockerBay(engines.nodes, engines.tls, "edge", "u").wait_for_nodes(["workers-0", "workers-1"], 20, lines.append)
    assert sorted(lines) == ["node workers-0: ready", "node workers-1: ready"]


def test_nodes_are_ready(bay: DockerBay) -> None:
    """Each node that answers is ready."""
    assert [(node.name, node.state) for node in bay.nodes()] == [("workers-0", "ready"), ("workers-1", "ready")]


def test_plan_of_an_empty_bay_creates_all_and_changes_nothing(bay: DockerBay) -> None:
    """A plan says where each container will go, and does nothing."""
    planned = bay.plan(wishes(bay, container("one"), container("two")))
    assert planned == (
        WorkloadChange("container", "one", "create", "on workers-0"),
        WorkloadChange("container", "two", "create", "on workers-1"),
    )
    assert bay.workloads() == ()


def test_pushed_containers_run_spread_over_the_nodes(bay: DockerBay) -> None:
    """What was pushed becomes ready, spread, and the next plan says none."""
    wished = wishes(bay, container("one"), container("two"), container("three"))
    bay.push(wished, print)
    bay.wait_for_workloads(wished, 20, print)
    assert states(bay) == {
        "one": ("ready", "workers-0"),
        "two": ("ready", "workers-1"),
        "three": ("ready", "workers-0"),
    }
    assert [change.action for change in bay.plan(wished)] == ["none", "none", "none"]


def test_what_was_pushed_is_named_by_the_engine_s_id(bay: DockerBay) -> None:
    """Pushing twice gives the same container and the wish's digest."""
    wished = wishes(bay, container("one"))
    first, second = bay.push(wished, print), bay.push(wished, print)
    assert first == second
    assert (first[0].digest, len(first[0].reference)) == (wished[0].digest, 64)


def test_a_changed_wish_replaces_the_container_where_it_is(bay: DockerBay) -> None:
    """A change of the environment is a replacement on the same node."""
    bay.push(wishes(bay, container("zero"), container("one")), print)
    changed = wishes(bay, container("zero"), container("one", env={"MODE": "prod"}))
    assert bay.plan(changed)[1] == WorkloadChange("container", "one", "replace", "its settings changed")
    bay.push(changed, print)
    assert states(bay)["one"][1] == "workers-1"
    assert {change.action for change in bay.plan(changed)} == {"none"}


def test_a_changed_image_is_the_reason(bay: DockerBay) -> None:
    """The plan names the old and the new image."""
    bay.push(wishes(bay, container("one")), print)
    changed = wishes(bay, container("one", image="redis:8"))
    assert bay.plan(changed)[0].reason == "image busybox:1.37 to redis:8"


def test_pinning_a_container_where_it_runs_changes_nothing(bay: DockerBay) -> None:
    """`node:` of the node that it is on is no change; of another node it is a move."""
    bay.push(wishes(bay, container("one")), print)
    assert bay.plan(wishes(bay, container("one", node="workers-0")))[0].action == "none"
    moved = wishes(bay, container("one", node="workers-1"))
    assert bay.plan(moved)[0] == WorkloadChange("container", "one", "replace", "moves from workers-0 to workers-1")
    bay.push(moved, print)
    assert [(each.name, each.node) for each in bay.workloads()] == [("one", "workers-1")]


def test_what_the_blueprint_no_longer_has_is_deleted(bay: DockerBay) -> None:
    """Prune removes ours, and only ours: the container of another bay stays."""
    other = DockerBay(bay._nodes, bay._tls, "edge", str(uuid.uuid4()))
    other.push(wishes(other, container("foreign")), print)
    bay.push(wishes(bay, container("one"), container("two")), print)
    left = wishes(bay, container("two"))
    assert bay.plan(left)[-1] == WorkloadChange("container", "one", "delete", "the blueprint no longer has it")
    bay.push(left, print)
    assert (list(states(bay)), list(states(other))) == (["two"], ["foreign"])
    other.push((), print)


def test_published_ports_answer(bay: DockerBay, engines: Engines) -> None:
    """A published port of a node's address leads into the container."""
    port = PublishedPort(container_port=8080, host_port=18080, host_ip="127.0.0.1")
    serve = ("sh", "-c", "httpd -f -p 8080")
    wished = wishes(bay, container("web", command=serve, ports=(port,), node="workers-0"))
    bay.push(wished, print)
    bay.wait_for_workloads(wished, 20, print)
    if engines.nodes[0].address != EMULATED[0]:
        socket.create_connection(("127.0.0.1", 18080), 5).close()
    assert states(bay)["web"] == ("ready", "workers-0")


def test_a_taken_port_is_refused_and_the_old_container_comes_back(bay: DockerBay) -> None:
    """A replacement that cannot start leaves the bay as it was."""
    taken = PublishedPort(container_port=80, host_port=18081, host_ip="127.0.0.1")
    holder, one = container("holder", ports=(taken,), node="workers-0"), container("one", node="workers-0")
    before = wishes(bay, holder, one)
    bay.push(before, print)
    with pytest.raises(WorkloadRejectedError) as refused:
        bay.push(wishes(bay, holder, one.model_copy(update={"ports": (taken,)})), print)
    assert refused.value.summary == "bay edge: container one was refused by workers-0"
    bay.wait_for_workloads(before, 20, print)
    assert {change.action for change in bay.plan(before)} == {"none"}


def test_an_image_that_cannot_be_had_is_refused_with_the_engine_s_reason(bay: DockerBay) -> None:
    """The refusal names container and node; nothing is left behind."""
    with pytest.raises(WorkloadRejectedError) as refused:
        bay.push(wishes(bay, container("one", image="no-such-image.invalid/x:1")), print)
    assert refused.value.summary == "bay edge: container one was refused by workers-0"
    assert refused.value.detail != ""
    assert bay.workloads() == ()


def test_a_container_that_ends_badly_fails_at_once_with_its_last_words(bay: DockerBay) -> None:
    """Waiting does not go on when a container has failed for good."""
    wished = wishes(bay, container("one", command=("sh", "-c", "echo no disk; exit 3")))
    bay.push(wished, print)
    with pytest.raises(NotReadyError) as failed:
        bay.wait_for_workloads(wished, 20, print)
    assert failed.value.summary == "bay edge: container one cannot become ready"
    assert failed.value.detail == "container one: failed, exit code 3, no disk"


def test_a_container_that_ends_well_is_ready(bay: DockerBay) -> None:
    """A job that came to its end with exit code 0 is done, and is not started again."""
    wished = wishes(bay, container("one", command=("sh", "-c", "exit 0")))
    bay.push(wished, print)
    bay.wait_for_workloads(wished, 20, print)
    assert bay.plan(wished)[0].action == "none"


def test_a_crash_loop_is_given_up(bay: DockerBay) -> None:
    """A container that restarts again and again cannot become ready."""
    wished = wishes(bay, container("one", command=("sh", "-c", "sleep 0.1; exit 4"), restart="always"))
    bay.push(wished, print)
    with pytest.raises(NotReadyError) as failed:
        bay.wait_for_workloads(wished, 30, print)
    assert "exit code 4" in failed.value.detail


def test_a_pin_to_a_node_that_is_not_there_is_refused(bay: DockerBay) -> None:
    """The refusal lists the nodes."""
    with pytest.raises(WorkloadRejectedError) as refused:
        bay.plan(wishes(bay, container("one", node="workers-9")))
    assert refused.value.detail == "the bay's nodes are workers-0, workers-1"


def test_a_name_that_somebody_else_took_is_refused(bay: DockerBay) -> None:
    """A container that is not ours is never replaced."""
    other = DockerBay(bay._nodes, bay._tls, "edge", str(uuid.uuid4()))
    other.push(wishes(other, container("one")), print)
    with pytest.raises(WorkloadRejectedError) as refused:
        bay.push(wishes(bay, container("one", node="workers-0")), print)
    assert "already in use" in refused.value.detail
    other.push((), print)


def test_a_node_that_does_not_answer_is_named(bay: DockerBay, engines: Engines) -> None:
    """Node and address are in the error, and its status is unreachable."""
    nodes = (engines.nodes[0], NodeAddress("workers-7", "127.88.9.9"))
    broken = DockerBay(nodes, engines.tls, "edge", "u")
    assert [node.state for node in broken.nodes()] == ["ready", "unreachable"]
    with pytest.raises(CoeUnreachableError) as unreachable:
        broken.plan(())
    assert "workers-7 at 127.88.9.9" in unreachable.value.summary


def test_the_containers_of_living_nodes_are_shown_beside_a_dead_one(bay: DockerBay, engines: Engines) -> None:
    """A node that is away hides its own containers only; with no node left there is nothing to show."""
    bay.push(wishes(bay, container("one", node="workers-0")), print)
    dead = NodeAddress("workers-7", "127.88.9.9")
    seen = DockerBay((engines.nodes[0], dead), engines.tls, "edge", bay._uuid).workloads()
    assert [each.name for each in seen] == ["one"]
    with pytest.raises(CoeUnreachableError):
        DockerBay((dead,), engines.tls, "edge", bay._uuid).workloads()


def test_strangers_are_not_let_in(engines: Engines) -> None:
    """A certificate of another bay is refused by the engine."""
    made = client_certificate(new_secrets("docker", ["workers-0"]), "stranger", timedelta(1))
    tls = replace(engines.tls, certificate=made.certificate, key=made.key)
    with pytest.raises(CoeUnreachableError):
        DockerBay(engines.nodes, tls, "edge", "u").plan(())


def test_an_engine_with_another_authority_is_not_trusted(engines: Engines) -> None:
    """The client talks to its own bay's engines only."""
    other = client_certificate(new_secrets("docker", ["workers-0"]), "tester", timedelta(1))
    with pytest.raises(CoeUnreachableError) as refused:
        DockerBay(engines.nodes, replace(engines.tls, ca=other.ca), "edge", "u").plan(())
    assert "certificate verify failed" in refused.value.detail
