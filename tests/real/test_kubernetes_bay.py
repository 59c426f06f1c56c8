from __future__ import annotations

from tests.conftest import CloudUnderTest
from tests.e2e.command import Magnumctl
from tests.e2e.test_story import everything

from .nodes import answers, speaks_tls, stranger
from .servers import lose
from .stories import kubernetes_bay
from .timings import Timings
from .tools import Tool, kubectl, listed

API = 6443
NODE_PORT = 30080
KUBELET = 10250
IN_CLUSTER = "http://web.default.svc.cluster.local/"


def test_a_kubernetes_bay_on_real_nodes(cloud: CloudUnderTest, magnumctl: Magnumctl, timings: Timings) -> None:
    """One control plane and two workers: pods on both, a service by its name, grown, shrunk by name, and gone."""
    before = everything(cloud)
    magnumctl.write(kubernetes_bay(cloud.allowed_cidr))
    timings.add_apply("kubernetes, 1+2, floating IP", magnumctl.report("apply", "--yes"))
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0

    bay = kubectl(magnumctl, "web")
    assert ready_nodes(bay) == {"web-control-plane-0", "web-workers-0", "web-workers-1"}
    assert {pod["spec"]["nodeName"] for pod in listed(bay, "get", "pods", "-l", "app=web")} == {
        "web-workers-0",
        "web-workers-1",
    }
    assert_names_answer(bay)
    address = api_address(magnumctl)
    with stranger() as elsewhere:
        for port in (API, NODE_PORT):
            assert (answers(address, port), answers(address, port, elsewhere)) == (True, False)
    assert not answers(address, KUBELET)

    magnumctl.write(kubernetes_bay(cloud.allowed_cidr, workers="3", replicas=3))
    timings.add_apply("kubernetes, grown to 1+3", magnumctl.report("apply", "--yes"))
    assert ready_nodes(bay) >= {"web-workers-2"}
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0

    magnumctl.write(kubernetes_bay(cloud.allowed_cidr, workers="{count: 2, remove: [workers-1]}", replicas=3))
    timings.add_apply("kubernetes, shrunk by workers-1", magnumctl.report("apply", "--yes"))
    assert ready_nodes(bay) == {"web-control-plane-0", "web-workers-0", "web-workers-2"}
    assert_names_answer(bay)

    timings.add_apply("kubernetes, destroyed", magnumctl.report("destroy", "--yes"))
    assert everything(cloud) - before == frozenset()


def test_a_highly_available_bay_on_real_nodes(cloud: CloudUnderTest, magnumctl: Magnumctl, timings: Timings) -> None:
    """Three control planes behind a load balancer and a worker; the first one is lost and made anew."""
    before = everything(cloud)
    magnumctl.write(kubernetes_bay(cloud.allowed_cidr, endpoint="load-balancer", control_plane=3, workers="1"))
    timings.add_apply("kubernetes, 3+1, load balancer", magnumctl.report("apply", "--yes"))
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0

    bay = kubectl(magnumctl, "web")
    control_planes = {f"web-control-plane-{number}" for number in range(3)}
    assert ready_nodes(bay) == {*control_planes, "web-workers-0"}
    assert etcd_members(bay) == control_planes
    assert_names_answer(bay)

    address = api_address(magnumctl)
    with stranger() as elsewhere:
        assert (speaks_tls(address, API), speaks_tls(address, API, elsewhere)) == (True, False)

    lose(cloud, "web-control-plane-0")
    timings.add_apply("kubernetes, the first control plane lost", magnumctl.report("apply", "--yes"))
    assert ready_nodes(bay) == {*control_planes, "web-workers-0"}
    assert etcd_members(bay) == control_planes
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0

    timings.add_apply("kubernetes, destroyed", magnumctl.report("destroy", "--yes"))
    assert everything(cloud) - before == frozenset()


def ready_nodes(bay: Tool) -> set[str]:
    return {
        node["metadata"]["name"]
        for node in listed(bay, "get", "nodes")
        for condition in node["status"]["conditions"]
        if (condition["type"], condition["status"]) == ("Ready", "True")
    }


def api_address(magnumctl: Magnumctl) -> str:
    return str(magnumctl.report("bay", "show", "web")["bays"][0]["api_address"])


def assert_names_answer(bay: Tool) -> None:
    """From a pod, the service is found by its name, and each of its pods has a turn."""
    pods = {pod["metadata"]["name"] for pod in listed(bay, "get", "pods", "-l", "app=web")}
    ask = f"for i in $(seq 40); do wget -qO- {IN_CLUSTER}; done | sort -u"
    assert set(bay("exec", "asker", "--", "sh", "-c", ask).split()) == pods


def etcd_members(bay: Tool) -> set[str]:
    """The nodes on which etcd is ready."""
    return {
        pod["spec"]["nodeName"]
        for pod in listed(bay, "-n", "kube-system", "get", "pods", "-l", "component=etcd")
        for condition in pod["status"]["conditions"]
        if (condition["type"], condition["status"]) == ("Ready", "True")
    }
