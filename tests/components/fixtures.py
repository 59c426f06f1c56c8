"""Real servers as fixtures, one for the whole run: import them into a conftest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.components.dockerd import Engines, real_engines
from tests.components.kube_apiserver import ApiServer, real_api_server
from tests.components.server import loopback_addresses


@pytest.fixture(scope="session")
def dockerd() -> Iterator[Engines]:
    """Two engines, the nodes workers-0 and workers-1."""
    with real_engines(loopback_addresses(2)) as engines:
        yield engines


@pytest.fixture(scope="session")
def kube_apiserver() -> Iterator[ApiServer]:
    with real_api_server() as server:
        yield server
