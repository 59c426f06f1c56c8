"""What people do to single pods and services, held by a real API server and by the sandbox's nodes alike.

A real API server has no kubelet here: what needs one, logs and commands, is held by the sandbox, and by `tests/real`.
"""

from __future__ import annotations

import select
import time
import uuid
from collections.abc import Iterator
from contextlib import closing

import pytest

from magnumctl.blueprint.model import Service
from magnumctl.coe.kubernetes import KubernetesBay
from magnumctl.coe.kubernetes.pods import Pods
from magnumctl.coe.logs import LogWish, as_they_come, one_after_the_other, whole_lines
from magnumctl.coe.sessions import ExecWish, Session, TerminalSize
from magnumctl.errors import NotReadyError, WorkloadNotFoundError, WorkloadRejectedError
from tests.integration.coe.test_kubernetes_bay import NODES, Bay, Cluster, cluster, pod

__all__ = ["cluster"]
SPEAK = ("sh", "-c", "echo begun; while true; do sleep 1; done")
needs_nodes = pytest.mark.parametrize("cluster", ["sandbox"], indirect=True)
SIZE = TerminalSize(100, 30)


@pytest.fixture
def bay(cluster: Cluster) -> Iterator[Bay]:
    """Holds a set of two and a service before it."""
    name = str(uuid.uuid4())
    opened = Bay(cluster.bay(name), name)
    opened.coe.wait_for_nodes(NODES, 30, print)
    opened.push(opened.wishes(pod("web", replicas=2, command=SPEAK), services=(SERVICE,)))
    yield opened
    opened.coe.push((), print)


@pytest.fixture
def emulated_bay(bay: Bay) -> KubernetesBay:
    return bay.coe


SERVICE = Service.model_validate(
    {
        "name": "front",
        "bay": "web",
        "selector": {"app": "web"},
        "ports": [{"port": 80, "target_port": 8080}],
        "type": "NodePort",
    }
)


def outcome(session: Session, given: bytes | None = None, until: bytes = b"") -> tuple[int | None, bytes, bytes]:
    """Exit code, stdout, stderr; `given` is typed and then the input ends."""
    if given is not None:
        session.send(given)
        session.end_input()
    said = {"stdout": b"", "stderr": b""}
    end = time.monotonic() + 20
    while session.exit_code is None and not (until and until in said["stdout"]):
        assert time.monotonic() < end, said
        if session.has_more or select.select([session], [], [], 1)[0]:
            for piece in session.receive():
                said[piece.stream] += piece.content
    return session.exit_code, said["stdout"], said["stderr"]


def ran(pods: Pods, *command: str, given: bytes | None = None) -> tuple[int | None, bytes, bytes]:
    with closing(pods.exec("web", ExecWish(command, has_input=given is not None))) as session:
        return outcome(session, given)


def test_show_a_set(bay: Bay) -> None:
    """A set is shown with its object and each of its pods."""
    shown = bay.coe.pods.show("web")
    assert (shown.status.state, shown.objects, [each.state for each in shown.pods]) == (
        "ready",
        ("Deployment/default/web",),
        ["ready", "ready"],
    )
    assert {each.containers[0].image for each in shown.pods} == {"nginx:1.29"}


def test_show_one_of_a_set(bay: Bay) -> None:
    """Kubernetes' own name of a pod is one that can be asked for."""
    name = bay.coe.pods.show("web").pods[1].name
    shown = bay.coe.pods.show(name)
    assert (shown.objects, [each.name for each in shown.pods], shown.status.name) == ((), [name], name)


def test_unknown_names(bay: Bay) -> None:
    """What the bay does not hold is an error that names what it holds."""
    with pytest.raises(WorkloadNotFoundError) as pods:
        bay.coe.pods.show("wbe")
    with pytest.raises(WorkloadNotFoundError) as services:
        bay.coe.services.show("back")
    assert (pods.value.summary, services.value.detail) == ("bay web holds no pod wbe", "it holds front")


def test_delete_a_set(bay: Bay) -> None:
    """The object is gone afterwards, and the next plan makes it anew."""
    assert bay.coe.pods.delete("web").state == "deleted"
    wishes = bay.wishes(pod("web", replicas=2, command=SPEAK), services=(SERVICE,))
    assert bay.actions(wishes) == [("web", "create"), ("front", "none")]


@needs_nodes
def test_delete_one_of_a_set(bay: Bay) -> None:
    """Its set makes another one."""
    names = {each.name for each in bay.coe.pods.show("web").pods}
    gone = min(names)
    assert bay.coe.pods.delete(gone).state == "deleted"
    bay.coe.wait_for_workloads(bay.wishes(pod("web", replicas=2, command=SPEAK)), 30, print)
    now = {each.name for each in bay.coe.pods.show("web").pods if each.state == "ready"}
    assert (len(now), gone in now) == (2, False)


def test_show_a_service(bay: Bay) -> None:
    """Its type, its addresses and its ports."""
    shown = bay.coe.services.show("front")
    (port,) = shown.ports
    assert (shown.type, shown.cluster_ip != "", port.port, port.target, port.node_port > 0) == (
        "NodePort",
        True,
        80,
        "8080",
        True,
    )


def test_delete_a_service(bay: Bay) -> None:
    """Gone, and nothing else is."""
    bay.coe.services.delete("front")
    assert (bay.coe.services.names(), [name for _, name, _ in bay.states()]) == ((), ["web"])


@needs_nodes
def test_endpoints_of_a_service(emulated_bay: KubernetesBay) -> None:
    """The pods that are really behind it."""
    behind = emulated_bay.services.show("front").endpoints
    pods = {each.name: each.address for each in emulated_bay.pods.show("web").pods}
    assert {each.pod: each.address for each in behind if each.is_ready} == pods


@needs_nodes
def test_events_of_a_set(emulated_bay: KubernetesBay) -> None:
    """What Kubernetes said about the set and its pods."""
    reasons = {each.reason for each in emulated_bay.pods.show("web").events}
    assert {"Scheduled", "Started"} <= reasons


@needs_nodes
def test_logs_of_a_set(emulated_bay: KubernetesBay) -> None:
    """Every pod of it is heard, each under its name."""
    said = list(whole_lines(one_after_the_other(emulated_bay.pods.logs("web", LogWish()))))
    pods = [each.name for each in emulated_bay.pods.show("web").pods]
    assert sorted((each.source, each.piece.content) for each in said) == sorted((name, b"begun\n") for name in pods)


@needs_nodes
def test_followed_logs(emulated_bay: KubernetesBay) -> None:
    """Followed, they end with their pods."""
    heard = as_they_come(emulated_bay.pods.logs("web", LogWish(follow=True, tail=1)))
    first = [next(heard), next(heard)]
    emulated_bay.pods.delete("web")
    assert ([each.piece.content for each in first], list(heard)) == ([b"begun\n"] * 2, [])


@needs_nodes
def test_previous_logs_that_are_not_there(emulated_bay: KubernetesBay) -> None:
    """A pod that was never restarted has no log of a run before."""
    with pytest.raises(WorkloadRejectedError) as error:
        list(one_after_the_other(emulated_bay.pods.logs("web", LogWish(previous=True))))
    assert error.value.summary == "bay web: there is no log of pod web"


@needs_nodes
def test_a_container_that_is_not_there(emulated_bay: KubernetesBay) -> None:
    """The pod's containers are named."""
    with pytest.raises(WorkloadNotFoundError) as error:
        emulated_bay.pods.logs("web", LogWish(container="sidecar"))
    assert error.value.detail == "it has web"


@needs_nodes
def test_exec_passes_the_exit_code_and_both_streams(emulated_bay: KubernetesBay) -> None:
    """What the command says and how it ends is what its caller gets."""
    assert ran(emulated_bay.pods, "sh", "-c", "echo out; echo err >&2; exit 7") == (7, b"out\n", b"err\n")


@needs_nodes
def test_exec_of_nothing_that_is_there(emulated_bay: KubernetesBay) -> None:
    """A command that the image lacks is named."""
    code, out, err = ran(emulated_bay.pods, "missing-tool")
    assert (code, out, b"missing-tool" in err) == (127, b"", True)


@needs_nodes
def test_exec_hears_its_input_and_its_end(emulated_bay: KubernetesBay) -> None:
    """Piped input reaches the command, and its end ends it."""
    given = b"".join(b"%06d\n" % number for number in range(20_000))
    assert ran(emulated_bay.pods, "cat", given=given) == (0, given, b"")


@needs_nodes
def test_exec_on_a_terminal(emulated_bay: KubernetesBay) -> None:
    """The command sees a terminal of the caller's size, is told of another, and echoes what is typed."""
    with closing(emulated_bay.pods.exec("web", ExecWish(("sh",), has_input=True, terminal=SIZE))) as session:
        session.send(b"stty size\n")
        assert outcome(session, until=b"30 100\r\n")[0] is None
        session.resize(TerminalSize(132, 43))
        session.send(b"stty size\n")
        assert outcome(session, until=b"43 132\r\n")[0] is None
        session.send(b"exit 5\n")
        assert outcome(session)[0] == 5


@needs_nodes
def test_exec_where_nothing_runs(bay: Bay) -> None:
    """A set without pods runs no command."""
    bay.push(bay.wishes(pod("web", replicas=0, command=SPEAK), services=(SERVICE,)))
    with pytest.raises(NotReadyError) as error:
        bay.coe.pods.exec("web", ExecWish(("true",), has_input=False))
    assert error.value.summary == "bay web: no pod of web is there"
