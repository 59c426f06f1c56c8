from __future__ import annotations

from tests.conftest import CloudUnderTest
from tests.e2e.command import Magnumctl
from tests.e2e.test_story import everything

from .nodes import answers, stranger
from .stories import docker_bay
from .timings import Timings
from .tools import docker, fetched, until

API = 2376


def test_a_docker_bay_on_real_nodes(cloud: CloudUnderTest, magnumctl: Magnumctl, timings: Timings) -> None:
    """From nothing to containers that answer at floating IPs, a third node, a changed one, and back."""
    before = everything(cloud)
    magnumctl.write(docker_bay(cloud.allowed_cidr))
    timings.add_apply("docker, 2 nodes", magnumctl.report("apply", "--yes"))
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0

    nodes = {node["name"]: node["address"] for node in magnumctl.report("node", "list")["nodes"]}
    containers = {row["name"]: row for row in magnumctl.report("container", "list")["containers"]}
    assert {name: (row["status"], row["node"]) for name, row in containers.items()} == {
        "cache": ("ready", "workers-0"),
        "web": ("ready", "workers-1"),
    }
    until(lambda: fetched(f"http://{nodes['workers-1']}:8080/") != "", 10, "the published port answers")
    assert answers(nodes["workers-0"], 6379)

    with stranger() as elsewhere:
        assert answers(nodes["workers-0"], API)
        assert not answers(nodes["workers-0"], API, elsewhere)
        assert not answers(nodes["workers-1"], 8080, elsewhere)

    engine = docker(magnumctl, "edge", "workers-1")
    (web,) = engine("ps", "--quiet").split()
    assert "MODE=one" in engine("exec", web, "env").split()

    magnumctl.write(docker_bay(cloud.allowed_cidr, nodes=3, mode="two"))
    timings.add_apply("docker, grown to 3, one container changed", magnumctl.report("apply", "--yes"))
    (web,) = engine("ps", "--quiet").split()
    assert "MODE=two" in engine("exec", web, "env").split()

    magnumctl.write(docker_bay(cloud.allowed_cidr))
    timings.add_apply("docker, shrunk to 2", magnumctl.report("apply", "--yes"))
    assert {node["name"] for node in magnumctl.report("node", "list")["nodes"]} == {"workers-0", "workers-1"}

    timings.add_apply("docker, destroyed", magnumctl.report("destroy", "--yes"))
    assert everything(cloud) - before == frozenset()
