from __future__ import annotations

from tests.conftest import CloudUnderTest
from tests.e2e.command import Magnumctl

from .nodes import inside, metadata_service
from .servers import network_of, server_of
from .stories import docker_bay, kubernetes_bay
from .tools import docker, kubectl, until


def test_pods_do_not_reach_the_metadata_service(cloud: CloudUnderTest, magnumctl: Magnumctl) -> None:
    """What a node's metadata service tells of it (user-data, keys) is for the node alone."""
    magnumctl.write(kubernetes_bay(cloud.allowed_cidr, workers="1", replicas=1))
    magnumctl.must("apply", "--yes")
    bay = kubectl(magnumctl, "web")
    with metadata_service(network_of(cloud, "web")) as url:
        node = server_of(cloud, "web-workers-0")
        until(lambda: inside(node, "curl", "-s", "-m", "3", url).returncode == 0, 10, "the node reaches it")
        assert bay.run("exec", "asker", "--", "timeout", "3", "wget", "-qO-", url).returncode != 0


def test_containers_do_not_reach_the_metadata_service(cloud: CloudUnderTest, magnumctl: Magnumctl) -> None:
    """The same for the containers of a Docker bay."""
    magnumctl.write(docker_bay(cloud.allowed_cidr))
    magnumctl.must("apply", "--yes")
    engine = docker(magnumctl, "edge", "workers-1")
    (web,) = engine("ps", "--quiet").split()
    with metadata_service(network_of(cloud, "edge")) as url:
        node = server_of(cloud, "edge-workers-1")
        until(lambda: inside(node, "curl", "-s", "-m", "3", url).returncode == 0, 10, "the node reaches it")
        assert engine.run("exec", web, "timeout", "3", "wget", "-qO-", url).returncode != 0
