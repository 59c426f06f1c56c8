"""The state of a container in one word and a reason."""

from __future__ import annotations

from typing import Any

import pytest

from magnumctl.coe.docker.live import Live
from magnumctl.coe.docker.readiness import state_of_halted, state_of_running


def live(state: str, status: str = "") -> Live:
    return Live("workers-0", "id", "one", "one", "digest", "redis:8", state, status)


def inspected(policy: str = "no", restarts: int = 0, **state: Any) -> dict[str, Any]:
    given = {"ExitCode": 0, "Error": "", "OOMKilled": False, **state}
    return {"State": given, "HostConfig": {"RestartPolicy": {"Name": policy}}, "RestartCount": restarts}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Up 3 minutes", ("ready", "")),
        ("Up Less than a second", ("waiting", "started this moment")),
        ("Up 2 seconds (health: starting)", ("waiting", "its health check has not passed yet")),
        ("Up 2 seconds (healthy)", ("ready", "")),
        ("Up 2 minutes (unhealthy)", ("failed", "its health check fails")),
    ],
)
def test_a_running_container_is_judged_by_the_engine_s_phrase(status: str, expected: tuple[str, str]) -> None:
    """One that started this moment may end the next: it is looked at again."""
    assert state_of_running(live("running", status))[:2] == expected


@pytest.mark.parametrize(
    ("state", "details", "expected"),
    [
        ("paused", inspected(), ("stopped", "paused")),
        ("created", inspected(Error="port is taken"), ("failed", "port is taken")),
        ("exited", inspected(), ("ready", "finished with exit code 0")),
        ("exited", inspected("always", ExitCode=137), ("stopped", "stopped by hand")),
        ("exited", inspected("on-failure", ExitCode=2), ("failed", "exit code 2, bye")),
        ("exited", inspected(ExitCode=137, OOMKilled=True), ("failed", "exit code 137, out of memory, bye")),
        (
            "restarting",
            inspected("always", 1, Restarting=True, ExitCode=1),
            ("waiting", "restarted 1 times: exit code 1, bye"),
        ),
        (
            "restarting",
            inspected("always", 3, Restarting=True, ExitCode=1),
            ("failed", "restarted 3 times: exit code 1, bye"),
        ),
        ("restarting", inspected("always", 3, Restarting=False), ("waiting", "started this moment")),
    ],
)
def test_a_halted_container_says_why(state: str, details: dict[str, Any], expected: tuple[str, str]) -> None:
    """Exit code and last words, or who stopped it."""
    assert state_of_halted(live(state), details, "bye")[:2] == expected
