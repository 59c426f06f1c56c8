from __future__ import annotations

from magnumctl.sandbox.store import Cloud

from .api import BALANCER, NETWORK, Api, eventually
from .fabric import RecordingFabric


def listener(api: Api, balancer: str, **wish: object) -> str:
    base = {"loadbalancer_id": balancer, "protocol": "TCP", "protocol_port": 6443}
    made = str(api.post(f"{BALANCER}/listeners", {"listener": base | wish}).body["listener"]["id"])
    api.await_balancer(balancer)
    return made


def pool(api: Api, balancer: str, listener_id: str) -> str:
    wish = {"listener_id": listener_id, "protocol": "TCP", "lb_algorithm": "ROUND_ROBIN"}
    made = str(api.post(f"{BALANCER}/pools", {"pool": wish}).body["pool"]["id"])
    api.await_balancer(balancer)
    return made


def test_a_load_balancer_is_built_on_a_port_of_its_subnet(demo: Api) -> None:
    """PENDING_CREATE becomes ACTIVE; the VIP's port is Octavia's."""
    network, subnet = demo.network()
    balancer = demo.await_balancer(demo.balancer(subnet))
    [port] = demo.get(f"{NETWORK}/ports?network_id={network}")["ports"]
    assert (balancer["provisioning_status"], balancer["vip_port_id"], port["device_owner"]) == (
        "ACTIVE",
        port["id"],
        "Octavia",
    )


def test_a_pending_load_balancer_is_immutable(demo: Api, cloud: Cloud) -> None:
    """409 with Octavia's sentences, for itself and for what hangs below it."""
    _, subnet = demo.network()
    balancer = demo.balancer(subnet)
    demo.await_balancer(balancer)
    cloud.octavia.loadbalancers[balancer].provisioning_status = "PENDING_UPDATE"
    answer = demo.put(f"{BALANCER}/loadbalancers/{balancer}", {"loadbalancer": {"name": "x"}})
    below = demo.post(
        f"{BALANCER}/listeners", {"listener": {"loadbalancer_id": balancer, "protocol": "TCP", "protocol_port": 1}}
    )
    assert [(it.status, it.body["faultstring"]) for it in (answer, below)] == [
        (409, f"Invalid state PENDING_UPDATE of loadbalancer resource {balancer}"),
        (409, f"Load Balancer {balancer} is immutable and cannot be updated."),
    ]


def test_a_load_balancer_with_children_goes_only_by_cascade(demo: Api) -> None:
    """400 without, 204 with, and the VIP's port is gone."""
    network, subnet = demo.network()
    balancer = demo.balancer(subnet)
    demo.await_balancer(balancer)
    listener(demo, balancer)
    refused = demo.delete(f"{BALANCER}/loadbalancers/{balancer}").status
    accepted = demo.delete(f"{BALANCER}/loadbalancers/{balancer}?cascade=true").status
    demo.await_gone(f"{BALANCER}/loadbalancers/{balancer}")
    assert (refused, accepted, demo.get(f"{NETWORK}/ports?network_id={network}")["ports"]) == (400, 204, [])


def test_the_fabric_hears_who_answers_behind_a_listener(demo: Api, fabric: RecordingFabric) -> None:
    """Floating addresses, members and allowed ranges."""
    network, subnet = demo.network()
    demo.router(subnet)
    balancer = demo.balancer(subnet)
    vip = demo.await_balancer(balancer)["vip_port_id"]
    door = listener(demo, balancer, allowed_cidrs=["10.0.0.0/8"])
    members = f"{BALANCER}/pools/{pool(demo, balancer, door)}/members"
    demo.post(members, {"member": {"address": "10.0.0.9", "protocol_port": 6443, "subnet_id": subnet}})
    demo.await_balancer(balancer)
    address = demo.floating_ip(vip).body["floatingip"]["floating_ip_address"]
    relay = eventually(lambda: fabric.relays.get(door), lambda seen: bool(seen and seen.listen))
    seen = (
        relay.listen,
        relay.port,
        [(it.network_id, it.address, it.port) for it in relay.members],
        relay.allowed_cidrs,
    )
    assert seen == ((address,), 6443, [(network, "10.0.0.9", 6443)], ("10.0.0.0/8",))


def test_a_port_of_a_load_balancer_has_one_listener(demo: Api) -> None:
    """409 for the second."""
    _, subnet = demo.network()
    balancer = demo.balancer(subnet)
    demo.await_balancer(balancer)
    listener(demo, balancer)
    wish = {"loadbalancer_id": balancer, "protocol": "TCP", "protocol_port": 6443}
    assert demo.post(f"{BALANCER}/listeners", {"listener": wish}).status == 409


def test_the_quota_of_load_balancers_is_told_in_octavias_words(admin: Api, demo: Api) -> None:
    """403 Quota has been met."""
    _, subnet = demo.network()
    admin.put(f"{BALANCER}/quotas/{demo.project_id}", {"quota": {"load_balancer": 0}})
    answer = demo.post(f"{BALANCER}/loadbalancers", {"loadbalancer": {"vip_subnet_id": subnet}})
    assert (answer.status, answer.body["faultstring"]) == (403, "Quota has been met for resources: Load Balancer")


def test_ranges_of_another_ip_version_are_refused(demo: Api) -> None:
    """An IPv6 range says nothing of an IPv4 address."""
    _, subnet = demo.network()
    balancer = demo.balancer(subnet)
    vip = demo.await_balancer(balancer)["vip_address"]
    wish = {"loadbalancer_id": balancer, "protocol": "TCP", "protocol_port": 1, "allowed_cidrs": ["::/0"]}
    answer = demo.post(f"{BALANCER}/listeners", {"listener": wish})
    assert (answer.status, answer.body["faultstring"]) == (
        400,
        f"Validation failure: CIDR ::/0 IP version incompatible with all VIPs ['{vip}'] IP version.",
    )
