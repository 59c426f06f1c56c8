"""Nodes of a Kubernetes bay come and go, are lost, and are kept: on the sandbox, whose nodes act on their user-data."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from magnumctl.cloud import Cloud
from magnumctl.coe.contract import ClientTls
from magnumctl.coe.kubernetes.transport import Transport
from magnumctl.identity import connect
from tests.conftest import CloudUnderTest

from .blueprints import kubernetes_bay
from .command import Magnumctl

TOKENS = "/api/v1/namespaces/kube-system/secrets?fieldSelector=type%3Dbootstrap.kubernetes.io/token"
PROTECTED = ("baymodel: k8s-small", "baymodel: k8s-small\n    protect: true")


@pytest.fixture
def magnumctl(sandbox_cloud: CloudUnderTest, tmp_path: Path) -> Iterator[Magnumctl]:
    command = Magnumctl(tmp_path, sandbox_cloud.environ)
    yield command
    if command.report("bay", "list")["bays"]:
        command.must("destroy", "--bay", "web", "--yes")


def blueprint(cloud: CloudUnderTest, workers: str = "2", endpoint: str = "floating-ip", replicas: int = 3) -> str:
    text = kubernetes_bay(cloud.allowed_cidr, endpoint=endpoint, workers=7, replicas=replicas)
    return text.replace("nodes: 7", f"nodes: {{workers: {workers}}}")


def api(magnumctl: Magnumctl) -> Transport:
    config = json.loads(magnumctl.must("bay", "kubeconfig", "web").stdout)
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    fields = cluster["certificate-authority-data"], user["client-certificate-data"], user["client-key-data"]
    tls = ClientTls(*(base64.b64decode(text).decode() for text in fields))
    return Transport(cluster["server"].removeprefix("https://").removesuffix(":6443"), 6443, tls, "web")


def tokens(magnumctl: Magnumctl) -> list[str]:
    return [secret["metadata"]["name"] for secret in api(magnumctl).get(TOKENS)["items"]]


def nodes(magnumctl: Magnumctl) -> dict[str, str]:
    return {node["name"]: node["status"] for node in magnumctl.report("node", "list")["nodes"]}


def lose(cloud: CloudUnderTest, name: str) -> None:
    """Somebody deletes the server behind Terraform's back."""
    identity = connect(cloud.name, cloud.environ)
    servers = Cloud(identity.session, identity.region).inventory().resources
    (found,) = (row.id for row in servers if (row.kind, row.name) == ("server", name))
    identity.session.delete(f"/servers/{found}", endpoint_filter={"service_type": "compute"})


def test_a_node_of_a_later_day_joins_with_a_token_of_its_own(
    sandbox_cloud: CloudUnderTest, magnumctl: Magnumctl
) -> None:
    """No token lets anybody in between two applies, whatever user-data still says; a plan lets nobody in either."""
    magnumctl.write(blueprint(sandbox_cloud, workers="1"))
    magnumctl.must("apply", "--yes")
    assert tokens(magnumctl) == []
    magnumctl.write(blueprint(sandbox_cloud, workers="2"))
    assert magnumctl.report("plan")["bays"][0]["nodes"]["create"] == 1
    assert tokens(magnumctl) == []
    magnumctl.must("apply", "--yes")
    assert nodes(magnumctl) == {"control-plane-0": "ready", "workers-0": "ready", "workers-1": "ready"}
    assert tokens(magnumctl) == []
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0


def test_a_bay_shrinks_without_losing_a_pod(sandbox_cloud: CloudUnderTest, magnumctl: Magnumctl) -> None:
    """The node named goes, emptied first; its pods run elsewhere, and the stages of it are remembered."""
    magnumctl.write(blueprint(sandbox_cloud))
    magnumctl.must("apply", "--yes")
    magnumctl.write(blueprint(sandbox_cloud, workers="{count: 1, remove: [workers-0]}"))
    told = magnumctl.must("apply", "--yes").stderr
    steps = ("takes no new pods", "moves", "is no longer of the bay")
    assert [step in told for step in steps] == [True] * 3
    assert told.index("is no longer of the bay") < told.index("infrastructure: ", told.index("takes no new pods"))
    assert nodes(magnumctl) == {"control-plane-0": "ready", "workers-1": "ready"}
    status = magnumctl.report("status")["bays"][0]
    assert {row["status"] for row in status["workloads"]} == {"ready"}
    stages = ["retire", "infrastructure", "nodes", "workloads"]
    assert [stage["name"] for stage in status["stages"]] == stages
    first, second = (change["stages"] for change in magnumctl.report("history")["changes"])
    assert [stage["name"] for stage in first] == stages
    assert [stage["name"] for stage in second] == stages[1:]
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0


@pytest.mark.parametrize("lost", ["control-plane-0", "control-plane-2", "workers-0"])
def test_a_lost_node_is_made_anew(sandbox_cloud: CloudUnderTest, magnumctl: Magnumctl, lost: str) -> None:
    """Also the control plane that made the cluster: this time it joins the others."""
    magnumctl.write(blueprint(sandbox_cloud, workers="1", endpoint="load-balancer"))
    magnumctl.must("apply", "--yes")
    before = nodes(magnumctl)
    lose(sandbox_cloud, f"web-{lost}")
    magnumctl.must("apply", "--yes")
    assert nodes(magnumctl) == before
    assert len(api(magnumctl).get("/api/v1/nodes")["items"]) == len(before)
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0


def test_a_protected_bay_keeps_its_nodes(sandbox_cloud: CloudUnderTest, magnumctl: Magnumctl) -> None:
    """It grows; it neither shrinks nor goes, before the blueprint says that it may."""
    magnumctl.write(blueprint(sandbox_cloud, workers="1").replace(*PROTECTED))
    magnumctl.must("apply", "--yes")
    magnumctl.write(blueprint(sandbox_cloud, workers="2").replace(*PROTECTED))
    magnumctl.must("apply", "--yes")
    magnumctl.write(blueprint(sandbox_cloud, workers="1").replace(*PROTECTED))
    assert magnumctl.report("plan")["warnings"] == ["bay web is protected: apply will refuse this"]
    refused = [magnumctl("apply", "--yes", "-o", "json"), magnumctl("destroy", "--bay", "web", "--yes", "-o", "json")]
    assert [finished.exit_code for finished in refused] == [1, 1]
    assert "the plan deletes or replaces workers-1" in refused[0].report["bays"][0]["error"]
    assert refused[1].report["error"]["summary"] == "bay web is protected"
    assert set(nodes(magnumctl)) == {"control-plane-0", "workers-0", "workers-1"}
    magnumctl.write(blueprint(sandbox_cloud, workers="2"))
    magnumctl.must("apply", "--yes")
    magnumctl.must("destroy", "--yes")


def test_what_would_lose_the_bay_is_refused(sandbox_cloud: CloudUnderTest, magnumctl: Magnumctl) -> None:
    """A change that rebuilds the only control plane is shown with a warning and not made."""
    magnumctl.write(blueprint(sandbox_cloud, workers="1"))
    magnumctl.must("apply", "--yes")
    magnumctl.write(blueprint(sandbox_cloud, workers="1").replace("image: debian-12-kube", "image: ubuntu-24.04"))
    assert magnumctl.report("plan")["warnings"] == ["bay web: no control plane would stay: apply will refuse this"]
    refused = magnumctl("apply", "--yes", "-o", "json")
    assert refused.exit_code == 1
    assert refused.report["bays"][0]["error"].startswith("bay web: no control plane would stay")
    assert nodes(magnumctl) == {"control-plane-0": "ready", "workers-0": "ready"}
