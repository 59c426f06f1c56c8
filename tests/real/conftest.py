"""Real OpenStack services whose servers are real nodes: containers that boot nothing but our user-data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CloudUnderTest
from tests.e2e.command import Magnumctl

from .nodes import OUTSIDE, real_nodes
from .timings import Timings

TIMINGS = pytest.StashKey[Timings]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TIMINGS] = Timings()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = config.stash[TIMINGS].lines()
    if lines:
        terminalreporter.section("timings, in seconds")
    for line in lines:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def timings(request: pytest.FixtureRequest) -> Timings:
    return request.config.stash[TIMINGS]


@pytest.fixture(scope="session")
def cloud() -> Iterator[CloudUnderTest]:
    """The cloud sees this machine at OUTSIDE: that is what packets to a floating IP come from."""
    with real_nodes() as clouds_yaml:
        yield CloudUnderTest("rig", clouds_yaml, "tenant-a", "tenant-b", allowed_cidr=f"{OUTSIDE}/32")


@pytest.fixture
def magnumctl(cloud: CloudUnderTest, tmp_path: Path) -> Iterator[Magnumctl]:
    """A workspace of its own; what a failed test leaves on the cloud goes away with it."""
    command = Magnumctl(tmp_path, cloud.environ, timeout=1200)
    yield command
    if command.report("bay", "list")["bays"]:
        command.must("destroy", "--yes")
