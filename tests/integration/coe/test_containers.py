"""What people do to single containers, held by real engines and by the sandbox's alike."""

from __future__ import annotations

import select
import time
import uuid
from collections.abc import Iterator
from contextlib import closing

import pytest

from magnumctl.blueprint.model import Container, PublishedPort
from magnumctl.coe.docker import DockerBay
from magnumctl.coe.docker.containers import Containers
from magnumctl.coe.logs import LogWish, as_they_come, one_after_the_other, whole_lines
from magnumctl.coe.sessions import ExecWish, Session, TerminalSize
from magnumctl.errors import NotReadyError, WorkloadNotFoundError, WorkloadRejectedError
from magnumctl.manifests import container_wishes
from tests.components.dockerd import Engines
from tests.components.server import loopback_addresses
from tests.integration.coe.emulated import emulated_engines

EMULATED = loopback_addresses(2)
SERVE = ("sh", "-c", "trap exit TERM; echo begun; echo aside >&2; while true; do sleep 1; done")
SIZE = TerminalSize(100, 30)


@pytest.fixture(scope="module", params=["real", "sandbox"])
def engines(request: pytest.FixtureRequest) -> Iterator[Engines]:
    if request.param == "real":
        yield request.getfixturevalue("dockerd")
    else:
        with emulated_engines(EMULATED) as emulated:
            yield emulated


@pytest.fixture
def bay(engines: Engines) -> Iterator[DockerBay]:
    """Holds `one` on workers-1, and nothing again afterwards."""
    opened = DockerBay(engines.nodes, engines.tls, "edge", str(uuid.uuid4()))
    opened.wait_for_nodes(["workers-0", "workers-1"], 20, print)
    wished = container("one", node="workers-1", ports=(PublishedPort(container_port=80, host_port=None),))
    push(opened, wished)
    yield opened
    opened.push((), print)


def push(bay: DockerBay, *containers: Container) -> None:
    wished = container_wishes("edge", bay._uuid, containers)
    bay.push(wished, print)
    bay.wait_for_workloads(wished, 20, print)


def container(name: str, **fields: object) -> Container:
    return Container.model_validate({"name": name, "bay": "edge", "image": "busybox:1.37", "command": SERVE, **fields})


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


def ran(containers: Containers, *command: str, given: bytes | None = None) -> tuple[int | None, bytes, bytes]:
    with closing(containers.exec("one", ExecWish(command, has_input=given is not None))) as session:
        return outcome(session, given)


def test_show(bay: DockerBay) -> None:
    """One container in full: where it is, and what it is."""
    shown = bay.containers.show("one")
    assert (shown.status.node, shown.engine_state, shown.restart, len(shown.id)) == ("workers-1", "running", "no", 64)
    assert (shown.command, shown.finished_at, shown.ports[0].endswith("->80/tcp")) == (SERVE, "", True)


def test_unknown(bay: DockerBay) -> None:
    """A name that no node holds is an error which names those that are there."""
    with pytest.raises(WorkloadNotFoundError) as error:
        bay.containers.show("two")
    assert (error.value.summary, error.value.detail) == ("bay edge holds no container two", "it holds one")


def test_stop_and_start(bay: DockerBay) -> None:
    """Done once, and nothing to do the second time."""
    deeds = [bay.containers.do(verb, "one") for verb in ("start", "stop", "stop", "start")]
    assert [(deed.state, deed.is_done) for deed in deeds] == [
        ("running", False),
        ("exited", True),
        ("exited", False),
        ("running", True),
    ]


def test_pause_and_unpause(bay: DockerBay) -> None:
    """A paused container can be unpaused, and not started or stopped."""
    deeds = [bay.containers.do(verb, "one") for verb in ("unpause", "pause", "pause")]
    assert [(deed.state, deed.is_done) for deed in deeds] == [("running", False), ("paused", True), ("paused", False)]
    with pytest.raises(WorkloadRejectedError) as error:
        bay.containers.do("stop", "one")
    assert error.value.hint == "magnumctl container unpause one --bay edge"
    assert bay.containers.do("unpause", "one").state == "running"


def test_pause_of_a_stopped_one(bay: DockerBay) -> None:
    """What does not run cannot be paused."""
    bay.containers.do("stop", "one")
    with pytest.raises(WorkloadRejectedError) as error:
        bay.containers.do("pause", "one")
    assert error.value.hint == "magnumctl container start one --bay edge"


def test_reboot(bay: DockerBay) -> None:
    """A reboot is a new start of the same container, whether it ran or not."""
    before = bay.containers.show("one")
    bay.containers.do("reboot", "one")
    bay.containers.do("stop", "one")
    assert bay.containers.do("reboot", "one").state == "running"
    after = bay.containers.show("one")
    assert (before.id, before.started_at < after.started_at) == (after.id, True)


def test_delete(bay: DockerBay) -> None:
    """Gone, and the name is unknown."""
    assert bay.containers.do("delete", "one").state == "deleted"
    assert bay.containers.names() == ()


def test_one_that_falls_over_is_not_started(bay: DockerBay) -> None:
    """`start` of a command that ends with an error says its last words."""
    broken = container("two", command=("sh", "-c", "echo no database; exit 3"))
    bay.push(container_wishes("edge", bay._uuid, (broken,)), print)
    bay.containers.do("stop", "two")
    with pytest.raises(NotReadyError) as error:
        bay.containers.do("start", "two")
    assert "exit code 3, no database" in error.value.summary


def test_stopped_by_hand_is_planned_so(bay: DockerBay, engines: Engines) -> None:
    """What a person stopped is left alone by plan and push, and not waited for."""
    wished = container_wishes("edge", bay._uuid, (container("one", node="workers-1"),))
    bay.push(wished, print)
    bay.containers.do("stop", "one")
    held = DockerBay(engines.nodes, engines.tls, "edge", bay._uuid, held={"one": "stopped"})
    assert [(change.action, change.reason) for change in held.plan(wished)] == [("none", "stopped by hand")]
    held.push(wished, print)
    held.wait_for_workloads(wished, 5, print)
    assert [(each.state, each.message) for each in held.workloads()] == [("stopped", "stopped by hand")]


def test_logs(bay: DockerBay) -> None:
    """Both streams, each as what it is."""
    said = {(each.source, each.piece.stream): each.piece.content for each in logs(bay, LogWish())}
    assert said == {("one", "stdout"): b"begun\n", ("one", "stderr"): b"aside\n"}


def logs(bay: DockerBay, wish: LogWish) -> list[object]:
    return list(whole_lines(one_after_the_other(bay.containers.logs("one", wish))))


def test_logs_of_the_tail_and_of_the_last_seconds(bay: DockerBay) -> None:
    """`tail` counts lines, `since` leaves out what is older."""
    time.sleep(1.2)
    assert (len(logs(bay, LogWish(tail=1))), len(logs(bay, LogWish(since_seconds=1)))) == (1, 0)


def test_followed_logs_end_with_the_container(bay: DockerBay) -> None:
    """`follow` goes on until the container stops."""
    heard = as_they_come(bay.containers.logs("one", LogWish(follow=True)))
    first = next(heard)
    bay.containers.do("stop", "one")
    assert (first.source, len(list(heard)) <= 1) == ("one", True)


def test_exec_passes_the_exit_code_and_both_streams(bay: DockerBay) -> None:
    """What the command says and how it ends is what its caller gets."""
    assert ran(bay.containers, "sh", "-c", "echo out; echo err >&2; exit 7") == (7, b"out\n", b"err\n")


def test_exec_of_nothing_that_is_there(bay: DockerBay) -> None:
    """A command that the image lacks ends as in a shell (126 of older engines), and is named."""
    code, out, err = ran(bay.containers, "missing-tool")
    assert (code in {126, 127}, b"missing-tool" in out + err) == (True, True)


def test_exec_hears_its_input_and_its_end(bay: DockerBay) -> None:
    """Piped input reaches the command, and its end ends it."""
    given = b"".join(b"%06d\n" % number for number in range(40_000))
    assert ran(bay.containers, "cat", given=given) == (0, given, b"")


def test_exec_in_a_stopped_container(bay: DockerBay) -> None:
    """No command runs where nothing runs."""
    bay.containers.do("stop", "one")
    with pytest.raises(WorkloadRejectedError):
        bay.containers.exec("one", ExecWish(("true",), has_input=False))


def test_exec_on_a_terminal(bay: DockerBay) -> None:
    """The command sees a terminal of the caller's size, is told of another, and echoes what is typed."""
    with closing(bay.containers.exec("one", ExecWish(("sh",), has_input=True, terminal=SIZE))) as session:
        session.send(b"stty size\n")
        assert outcome(session, until=b"30 100\r\n")[0] is None
        session.resize(TerminalSize(132, 43))
        session.send(b"stty size\n")
        assert outcome(session, until=b"43 132\r\n")[0] is None
        session.send(b"exit 5\n")
        assert outcome(session)[0] == 5
