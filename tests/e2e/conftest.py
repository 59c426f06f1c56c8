"""One workspace with a bay of each kind, which several stories share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import CloudUnderTest

from .blueprints import docker_bay, kubernetes_bay
from .command import Magnumctl


@pytest.fixture(scope="session")
def both(sandbox_cloud: CloudUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Magnumctl]:
    """The Docker bay `edge` and the Kubernetes bay `web`, with workloads."""
    magnumctl = Magnumctl(tmp_path_factory.mktemp("both"), sandbox_cloud.environ)
    magnumctl.write(docker_bay(sandbox_cloud.allowed_cidr), "edge.yaml")
    magnumctl.write(kubernetes_bay(sandbox_cloud.allowed_cidr), "web.yaml")
    magnumctl.must("apply", "--yes")
    yield magnumctl
    magnumctl.must("destroy", "--yes")
