"""The sandbox as OpenStack's own SDK and plain HTTP clients see it, over real connections."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openstack
import pytest
from openstack import exceptions
from openstack.connection import Connection

from magnumctl.errors import SandboxError
from magnumctl.sandbox import Running, start
from magnumctl.sandbox.fabric import NullFabric


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    with start(clouds_yaml_path=tmp_path / "clouds.yaml", build_seconds=0.05, fabric=NullFabric()) as sandbox:
        yield sandbox


@pytest.fixture
def demo(running: Running) -> Connection:
    return openstack.connect(cloud="sandbox")


def routed(demo: Connection) -> tuple[str, str, str]:
    network = demo.network.create_network(name="lab")
    subnet = demo.network.create_subnet(network_id=network.id, cidr="10.0.0.0/24", ip_version=4)
    public = demo.network.find_network("public")
    router = demo.network.create_router(name="lab", external_gateway_info={"network_id": public.id})
    demo.network.add_interface_to_router(router, subnet_id=subnet.id)
    return network.id, subnet.id, router.id


def test_the_sdk_builds_a_server_with_a_floating_ip(demo: Connection) -> None:
    """create_server with auto_ip and wait, as a user's script does it."""
    routed(demo)
    server = demo.create_server(
        "web", image="debian-12-docker", flavor="m1.small", network="lab", auto_ip=True, wait=True, timeout=30
    )
    kinds = [address["OS-EXT-IPS:type"] for address in server.addresses["lab"]]
    assert (server.status, kinds) == ("ACTIVE", ["fixed", "floating"])


def test_the_sdk_takes_everything_away_again(demo: Connection) -> None:
    """Server, address, router, network: nothing is left of them."""
    network, subnet, router = routed(demo)
    server = demo.create_server("web", image="ubuntu-24.04", flavor="1", network="lab", auto_ip=True, wait=True)
    demo.delete_server(server.id, wait=True, delete_ips=True)
    demo.network.remove_interface_from_router(router, subnet_id=subnet)
    demo.network.delete_router(router)
    demo.network.delete_network(network)
    left = [list(demo.network.ports()), list(demo.network.ips()), list(demo.compute.servers())]
    assert (left, [it.name for it in demo.network.networks()]) == ([[], [], []], ["public"])


def test_the_sdk_builds_a_load_balancer(demo: Connection) -> None:
    """Listener, pool, member and monitor, one change at a time."""
    _, subnet, _ = routed(demo)
    octavia = demo.load_balancer
    balancer = octavia.create_load_balancer(name="api", vip_subnet_id=subnet)
    octavia.wait_for_load_balancer(balancer.id, interval=0.02)
    listener = octavia.create_listener(load_balancer_id=balancer.id, protocol="TCP", protocol_port=6443)
    octavia.wait_for_load_balancer(balancer.id, interval=0.02)
    pool = octavia.create_pool(listener_id=listener.id, protocol="TCP", lb_algorithm="ROUND_ROBIN")
    octavia.wait_for_load_balancer(balancer.id, interval=0.02)
    octavia.create_member(pool, address="10.0.0.5", protocol_port=6443)
    octavia.wait_for_load_balancer(balancer.id, interval=0.02)
    seen = octavia.get_load_balancer(balancer.id)
    assert ([it["id"] for it in seen.listeners], [it["id"] for it in seen.pools]) == ([listener.id], [pool.id])


def test_the_sdk_boots_from_a_volume(demo: Connection) -> None:
    """boot_from_volume makes the volume and takes it along."""
    routed(demo)
    server = demo.create_server(
        "db",
        image="ubuntu-24.04",
        flavor="m1.small",
        network="lab",
        boot_from_volume=True,
        terminate_volume=True,
        volume_size=5,
        wait=True,
        auto_ip=False,
    )
    held = [(volume.status, volume.size) for volume in demo.block_storage.volumes()]
    demo.delete_server(server.id, wait=True)
    assert (held, list(demo.block_storage.volumes())) == ([("in-use", 5)], [])


def test_an_application_credential_opens_the_cloud(running: Running, demo: Connection) -> None:
    """v3applicationcredential, found by keystoneauth."""
    made = demo.identity.create_application_credential(demo.current_user_id, "ci")
    by_credential = openstack.connect(
        auth_type="v3applicationcredential",
        auth={
            "auth_url": f"{running.url}/identity/v3",
            "application_credential_id": made.id,
            "application_credential_secret": made.secret,
        },
        region_name="RegionOne",
    )
    assert by_credential.current_project_id == demo.current_project_id


def test_the_sdk_raises_conflict_for_a_network_in_use(demo: Connection) -> None:
    """409 arrives as ConflictException with Neutron's sentence."""
    network, _, _ = routed(demo)
    with pytest.raises(exceptions.ConflictException, match="one or more ports still in use"):
        demo.network.delete_network(network)


def test_other_people_see_nothing(running: Running, demo: Connection) -> None:
    """The two projects are strangers."""
    routed(demo)
    other = openstack.connect(cloud="sandbox-other")
    assert [it.name for it in other.network.networks()] == ["public"]


def test_one_connection_serves_many_calls(running: Running) -> None:
    """HTTP/1.1 stays open: a hundred calls, one socket."""
    place = urlsplit(running.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    connection.connect()
    first, seen = connection.sock, set()
    for _ in range(100):
        connection.request("GET", "/identity/v3")
        answer = connection.getresponse()
        seen.add((answer.status, bool(answer.read())))
    assert (connection.sock is first, seen) == (True, {(200, True)})


def test_a_reset_on_order_is_a_reset_on_the_wire(running: Running) -> None:
    """The client sees its connection broken."""
    place = urlsplit(running.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    connection.request("POST", "/sandbox/faults", '{"service": "identity", "reset": true}')
    connection.getresponse().read()
    connection.request("GET", "/identity/v3")
    with pytest.raises(ConnectionError):
        connection.getresponse()


def test_a_taken_port_is_told(running: Running, tmp_path: Path) -> None:
    """SandboxError names host and port."""
    port = int(running.url.rpartition(":")[2])
    with pytest.raises(SandboxError, match=f"the sandbox cannot listen on 127.0.0.1:{port}"):
        start(port=port, clouds_yaml_path=tmp_path / "second.yaml", fabric=NullFabric())


def test_a_call_takes_milliseconds(demo: Connection) -> None:
    """The median of a hundred: under 10 ms even where the machine is busy."""
    network, _, _ = routed(demo)
    took = []
    for _ in range(100):
        begun = time.perf_counter()
        demo.network.get(f"/networks/{network}").raise_for_status()
        took.append(time.perf_counter() - begun)
    assert sorted(took)[50] < 0.01


def test_the_process_says_when_it_is_ready_and_leaves_nothing(tmp_path: Path) -> None:
    """One line on stderr; SIGTERM ends it, and its clouds.yaml with it."""
    path = tmp_path / "clouds.yaml"
    command = [sys.executable, "-m", "magnumctl.sandbox", "--clouds-yaml", str(path)]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        line = process.stderr.readline() if process.stderr else ""
        written = path.exists()
        process.send_signal(signal.SIGTERM)
        code = process.wait(20)
    assert (line.startswith("sandbox ready at http://127.0.0.1:"), written, code, path.exists()) == (
        True,
        True,
        0,
        False,
    )
