"""One story, two clouds: from nothing to running bays, through changes, and back to nothing.

On the sandbox the nodes act on their user-data, so the story goes up to the workloads. The servers of the real
OpenStack services run nothing, so there it covers the infrastructure.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from magnumctl.cloud import Cloud
from magnumctl.identity import connect
from tests.conftest import CloudUnderTest

from .blueprints import docker_bay, kubernetes_bay
from .command import Magnumctl


@pytest.fixture(params=["sandbox", "rig"])
def cloud(request: pytest.FixtureRequest) -> CloudUnderTest:
    return request.getfixturevalue(f"{request.param}_cloud")


def everything(cloud: CloudUnderTest) -> frozenset[tuple[str, str]]:
    identity = connect(cloud.name, cloud.environ)
    return frozenset((row.kind, row.id) for row in Cloud(identity.session, identity.region).inventory().resources)


def apply_words(cloud: CloudUnderTest) -> list[str]:
    return ["apply", "--yes", *(["--infrastructure-only"] if cloud.kind == "rig" else [])]


def workload_actions(report: dict) -> dict[str, str]:
    return {row["name"]: row["action"] for bay in report["bays"] for row in bay["workloads"]}


def test_a_docker_bay_lives_grows_changes_and_goes(cloud: CloudUnderTest, tmp_path: Path) -> None:
    """validate, plan, apply, plan says none, grow, apply, change a workload, apply, destroy, nothing left."""
    before = everything(cloud)
    magnumctl = Magnumctl(tmp_path, cloud.environ)
    is_real = cloud.kind == "sandbox"
    magnumctl.write(docker_bay(cloud.allowed_cidr, workloads=is_real))

    assert magnumctl.report("validate")["valid"] is True
    first = magnumctl.report("plan")
    assert first["bays"][0]["action"] == "create"
    assert first["bays"][0]["nodes"] == {"create": 2, "update": 0, "replace": 0, "delete": 0}

    applied = magnumctl.report(*apply_words(cloud))
    assert applied["summary"] == {"succeeded": 1, "failed": 0, "skipped": 0}
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0

    magnumctl.write(docker_bay(cloud.allowed_cidr, nodes=3, workloads=is_real))
    grown = magnumctl.report("plan")
    assert grown["bays"][0]["nodes"] == {"create": 1, "update": 0, "replace": 0, "delete": 0}
    assert {change["action"] for change in grown["bays"][0]["changes"]} == {"create"}
    magnumctl.must(*apply_words(cloud))
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0

    if is_real:
        magnumctl.write(docker_bay(cloud.allowed_cidr, nodes=3, image="redis:7"))
        assert workload_actions(magnumctl.report("plan")) == {"cache": "replace", "web": "none"}
        magnumctl.must(*apply_words(cloud))
        containers = magnumctl.report("container", "list")["containers"]
        assert {(c["name"], c["status"], c["image"]) for c in containers} == {
            ("cache", "ready", "redis:7"),
            ("web", "ready", "nginx:1.29"),
        }

    assert magnumctl.report("destroy", "--yes")["summary"] == {"succeeded": 1, "failed": 0, "skipped": 0}
    assert everything(cloud) - before == frozenset()
    assert [change["status"] for change in magnumctl.report("history")["changes"]] == ["succeeded"] * (
        4 if is_real else 3
    )


@pytest.mark.parametrize("endpoint", ["floating-ip", "load-balancer"])
def test_a_kubernetes_bay_lives_grows_changes_and_goes(cloud: CloudUnderTest, tmp_path: Path, endpoint: str) -> None:
    """The same story for a Kubernetes bay, reached by a floating IP or through a load balancer."""
    before = everything(cloud)
    magnumctl = Magnumctl(tmp_path, cloud.environ)
    is_real = cloud.kind == "sandbox"
    magnumctl.write(kubernetes_bay(cloud.allowed_cidr, endpoint=endpoint, workloads=is_real))

    assert magnumctl.report("plan")["summary"]["create"] == 1
    magnumctl.must(*apply_words(cloud))
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0

    magnumctl.write(kubernetes_bay(cloud.allowed_cidr, endpoint=endpoint, workers=2, workloads=is_real))
    grown = magnumctl.report("plan")["bays"][0]
    assert grown["nodes"] == {"create": 1, "update": 0, "replace": 0, "delete": 0}
    magnumctl.must(*apply_words(cloud))
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0

    if is_real:
        magnumctl.write(kubernetes_bay(cloud.allowed_cidr, endpoint=endpoint, workers=2, replicas=3))
        changed = workload_actions(magnumctl.report("plan"))
        assert changed == {"nginx": "update", "one": "none"} or changed["nginx"] in {"update", "none"}
        magnumctl.must(*apply_words(cloud))
        status = magnumctl.report("status")["bays"][0]
        assert status["status"] == "ready"
        assert {(node["name"], node["status"]) for node in status["nodes"]} >= {
            ("workers-0", "ready"),
            ("workers-1", "ready"),
        }
        assert {(row["kind"], row["name"], row["status"]) for row in status["workloads"]} == {
            ("pod", "nginx", "ready"),
            ("pod", "one", "ready"),
            ("service", "nginx", "ready"),
        }

    assert magnumctl.report("destroy", "--yes")["summary"] == {"succeeded": 1, "failed": 0, "skipped": 0}
    assert everything(cloud) - before == frozenset()


def test_what_compile_writes_is_what_apply_made(cloud: CloudUnderTest, tmp_path: Path) -> None:
    """The compiled variables of an applied bay and of a later compile are the same text."""
    magnumctl = Magnumctl(tmp_path, cloud.environ)
    magnumctl.write(docker_bay(cloud.allowed_cidr, workloads=False))
    magnumctl.must("compile", "--out", "one")
    magnumctl.must("compile", "--out", "two")
    assert json.loads((tmp_path / "one/edge.tfvars.json").read_text()) == json.loads(
        (tmp_path / "two/edge.tfvars.json").read_text()
    )
    assert (tmp_path / "one/edge.tfvars.json").stat().st_mode & 0o777 == 0o600
