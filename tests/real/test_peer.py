from __future__ import annotations

from datetime import UTC, datetime

from magnumctl.identity import connect
from tests.conftest import CloudUnderTest
from tests.e2e.command import Magnumctl

from .by_hand import kubeadm_seconds
from .stories import kubernetes_bay
from .timings import Timings
from .tools import kubectl, listed

RATIO = 1.15
RESOLUTION = 2.0
"""Seconds: Nova and Kubernetes write their moments down in whole seconds."""


def test_a_bay_is_ready_as_fast_as_by_hand(cloud: CloudUnderTest, magnumctl: Magnumctl, timings: Timings) -> None:
    """From the first server until three nodes are Ready: not much slower than kubeadm typed without a pause."""
    by_hand = kubeadm_seconds(workers=2)
    magnumctl.write(kubernetes_bay(cloud.allowed_cidr))
    timings.add_apply("kubernetes, 1+2, floating IP, again", magnumctl.report("apply", "--yes"))
    ours = seconds_to_ready(cloud, magnumctl)
    timings.add("servers to three Ready nodes", {"kubeadm by hand": by_hand, "ours": ours, "ratio": ours / by_hand})
    assert ours <= RATIO * by_hand + RESOLUTION


def seconds_to_ready(cloud: CloudUnderTest, magnumctl: Magnumctl) -> float:
    """From the moment at which Nova had started the first server until Kubernetes saw the last node Ready."""
    last = max(
        datetime.fromisoformat(condition["lastTransitionTime"])
        for node in listed(kubectl(magnumctl, "web"), "get", "nodes")
        for condition in node["status"]["conditions"]
        if condition["type"] == "Ready"
    )
    return (last - min(launched(cloud))).total_seconds()


def launched(cloud: CloudUnderTest) -> list[datetime]:
    session = connect(cloud.name, cloud.environ).session
    servers = session.get("/servers/detail", endpoint_filter={"service_type": "compute"}).json()["servers"]
    return [datetime.fromisoformat(server["OS-SRV-USG:launched_at"]).replace(tzinfo=UTC) for server in servers]
