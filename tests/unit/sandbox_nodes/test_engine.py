"""The Docker engine's states, without a network."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from magnumctl.sandbox.nodes.clock import Clock
from magnumctl.sandbox.nodes.docker.container import Container
from magnumctl.sandbox.nodes.docker.engine import Engine
from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.docker.images import reference_of


@pytest.fixture
def engine() -> Iterator[Engine]:
    clock = Clock()
    made = Engine("edge-workers-0", clock)
    for image in ("nginx:1.29", "busybox:1.37"):
        list(made.images.pull(reference_of(image)))
    yield made
    clock.close()


def started(engine: Engine, name: str, image: str = "nginx:1.29", **wish: Any) -> Container:
    container = engine.create(name, {"Image": image, **wish})
    engine.start(container)
    return container


def reaches(container: Container, status: str) -> bool:
    return container.wait_until(lambda: container.status == status, 5)


def test_a_container_runs_stops_and_starts_again(engine: Engine) -> None:
    """Starting what runs, and stopping what does not, is nothing."""
    web = started(engine, "web")
    told = engine.start(web), engine.stop(web), engine.stop(web), engine.start(web), web.status
    assert told == (False, True, False, True, "running")


def test_a_command_s_exit_code_is_the_container_s(engine: Engine) -> None:
    """And its output the log."""
    done = started(engine, "done", "busybox:1.37", Cmd=["sh", "-c", "echo hi; exit 3"])
    assert (reaches(done, "exited"), done.exit_code, b"".join(line.text for line in done.log)) == (True, 3, b"hi\n")


@pytest.mark.parametrize(
    ("policy", "code", "restarted"),
    [("no", 1, False), ("on-failure", 0, False), ("on-failure", 1, True), ("always", 0, True)],
)
def test_restart_policies_decide(engine: Engine, policy: str, code: int, restarted: bool) -> None:
    """By name and exit code."""
    host = {"RestartPolicy": {"Name": policy}}
    crash = started(engine, "crash", "busybox:1.37", Cmd=["sh", "-c", f"exit {code}"], HostConfig=host)
    assert crash.wait_until(lambda: crash.restarts > 0, 1.0 if not restarted else 5.0) == restarted


def test_a_host_port_is_held_by_one(engine: Engine) -> None:
    """The second container does not start, and can when the first is gone."""
    host = {"PortBindings": {"80/tcp": [{"HostPort": "8080"}]}}
    first = started(engine, "first", HostConfig=host)
    second = engine.create("second", {"Image": "nginx:1.29", "HostConfig": host})
    with pytest.raises(EngineError, match="port is already allocated"):
        engine.start(second)
    engine.remove(first, force=True)
    assert engine.start(second)


def test_a_name_is_held_by_one(engine: Engine) -> None:
    """409, in Docker's words."""
    engine.create("web", {"Image": "nginx:1.29"})
    with pytest.raises(EngineError, match='The container name "/web" is already in use') as refused:
        engine.create("web", {"Image": "nginx:1.29"})
    assert refused.value.status == 409


@pytest.mark.parametrize(("policy", "status"), [("no", "exited"), ("always", "running"), ("unless-stopped", "running")])
def test_a_node_that_comes_back_starts_what_it_should(engine: Engine, policy: str, status: str) -> None:
    """By restart policy."""
    web = started(engine, "web", HostConfig={"RestartPolicy": {"Name": policy}})
    engine.power_off()
    engine.power_on()
    assert web.status == status


def test_pausing_holds_the_program(engine: Engine) -> None:
    """Nothing is printed meanwhile."""
    loop = started(engine, "loop", "busybox:1.37", Cmd=["sh", "-c", "while true; do echo x; sleep 0.01; done"])
    assert loop.wait_until(lambda: len(loop.log) > 1, 5)
    engine.pause(loop)
    time.sleep(0.1)
    number = len(loop.log)
    time.sleep(0.2)
    assert (loop.status, len(loop.log)) == ("paused", number)
