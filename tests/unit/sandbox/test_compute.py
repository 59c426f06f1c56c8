from __future__ import annotations

import base64

import pytest

from .api import COMPUTE, NETWORK, Answer, Api, eventually
from .fabric import RecordingFabric

NOWHERE = "00000000-0000-0000-0000-000000000000"


def refusal(answer: Answer) -> tuple[int, str]:
    [fault] = answer.body.values()
    return answer.status, fault["message"]


def test_a_server_is_built_on_a_port_of_its_network(demo: Api) -> None:
    """BUILD becomes ACTIVE, with an address."""
    network, _ = demo.network()
    server = demo.server(network)
    assert (server["status"], server["addresses"]["n"][0]["addr"]) == ("ACTIVE", "10.0.0.2")


def test_a_server_boots_with_what_it_was_sent(demo: Api, fabric: RecordingFabric) -> None:
    """The fabric gets user-data, image name and addresses."""
    network, subnet = demo.network()
    demo.router(subnet)
    port = demo.port(network)
    floating = demo.floating_ip(port["id"]).body["floatingip"]["floating_ip_address"]
    demo.server(network, networks=[{"port": port["id"]}], user_data=base64.b64encode(b"#cloud-config\n").decode())
    [booted] = eventually(lambda: fabric.booted, bool)
    assert (booted.image_name, booted.user_data, booted.fixed_ips, booted.floating_addresses) == (
        "debian-12-docker",
        b"#cloud-config\n",
        ("10.0.0.2",),
        (floating,),
    )


def test_the_fabric_hears_of_all_that_happens_to_a_server(demo: Api, fabric: RecordingFabric) -> None:
    """In the order it happened."""
    network, subnet = demo.network()
    demo.router(subnet)
    server = demo.server(network)["id"]
    port = demo.get(f"{NETWORK}/ports?device_id={server}")["ports"][0]["id"]
    floating = demo.floating_ip(port).body["floatingip"]
    for action, state in (("os-stop", "SHUTOFF"), ("os-start", "ACTIVE"), ("pause", "PAUSED"), ("unpause", "ACTIVE")):
        demo.post(f"{COMPUTE}/servers/{server}/action", {action: None})
        demo.await_server(server, state)
    demo.put(f"{NETWORK}/floatingips/{floating['id']}", {"floatingip": {"port_id": None}})
    demo.delete(f"{COMPUTE}/servers/{server}")
    demo.await_gone(f"{COMPUTE}/servers/{server}")
    address = floating["floating_ip_address"]
    told = eventually(lambda: list(fabric.told), lambda seen: len(seen) == 8)
    assert told == [
        "web boot",
        f"web attach {address}",
        "web stop",
        "web start",
        "web pause",
        "web unpause",
        f"web detach {address}",
        "web delete",
    ]


def test_a_deleted_server_gives_back_what_was_lent(demo: Api) -> None:
    """Its own port goes, the user's stays unbound."""
    network, _ = demo.network()
    port = demo.port(network)["id"]
    server = demo.server(network, networks=[{"port": port}, {"uuid": network}])["id"]
    demo.delete(f"{COMPUTE}/servers/{server}")
    demo.await_gone(f"{COMPUTE}/servers/{server}")
    assert [(it["id"], it["device_id"], it["status"]) for it in demo.get(f"{NETWORK}/ports")["ports"]] == [
        (port, "", "DOWN")
    ]


def test_too_many_cores_are_told_in_novas_words(admin: Api, demo: Api) -> None:
    """403 Quota exceeded, with numbers."""
    network, _ = demo.network()
    admin.put(f"{COMPUTE}/os-quota-sets/{demo.project_id}", {"quota_set": {"cores": 4}})
    assert refusal(demo.ask_server(network, flavorRef="5")) == (
        403,
        "Quota exceeded for cores: Requested 8, but already used 0 of 4 cores",
    )


def test_a_flavor_that_fits_nowhere_ends_in_error(admin: Api, demo: Api) -> None:
    """No valid host, as a fault of the server."""
    network, _ = demo.network()
    huge = {"flavor": {"name": "huge", "vcpus": 80, "ram": 1024, "disk": 1, "id": "huge"}}
    admin.post(f"{COMPUTE}/flavors", huge)
    server = demo.server(network, flavorRef="huge")
    assert (server["status"], server["fault"]["message"]) == (
        "ERROR",
        "No valid host was found. There are not enough hosts available.",
    )


def test_a_server_that_found_no_host_is_gone_at_once(admin: Api, demo: Api) -> None:
    """Terraform's provider gives up on a server that is still ERROR after its deletion."""
    network, _ = demo.network()
    huge = {"flavor": {"name": "huge", "vcpus": 80, "ram": 1024, "disk": 1, "id": "huge"}}
    admin.post(f"{COMPUTE}/flavors", huge)
    server = demo.server(network, flavorRef="huge")
    demo.delete(f"{COMPUTE}/servers/{server['id']}")
    assert demo.call("GET", f"{COMPUTE}/servers/{server['id']}").status == 404


def test_a_failed_server_holds_no_port(demo: Api) -> None:
    """What it had is free again."""
    network, _ = demo.network()
    port = demo.port(network)["id"]
    demo.server(network, networks=[{"port": port}], metadata={"sandbox_fail": "spawn"})
    assert demo.get(f"{NETWORK}/ports/{port}")["port"]["device_id"] == ""


def group(api: Api, policy: str) -> str:
    body = {"server_group": {"name": "g", "policy": policy}}
    return str(api.post(f"{COMPUTE}/os-server-groups", body).body["server_group"]["id"])


def test_anti_affinity_puts_each_member_on_a_host_of_its_own(demo: Api) -> None:
    """Three hosts take three members, and no fourth."""
    network, _ = demo.network()
    hints = {"group": group(demo, "anti-affinity")}
    servers = [demo.server(network, hints=hints) for _ in range(4)]
    hosts = {it["hostId"] for it in servers[:3]}
    assert (len(hosts), [it["status"] for it in servers]) == (3, ["ACTIVE", "ACTIVE", "ACTIVE", "ERROR"])


def test_affinity_puts_members_on_one_host(demo: Api) -> None:
    """All share a hostId."""
    network, _ = demo.network()
    hints = {"group": group(demo, "affinity")}
    assert len({demo.server(network, hints=hints)["hostId"] for _ in range(3)}) == 1


def test_soft_policies_came_with_a_microversion(demo: Api) -> None:
    """400 below 2.15."""
    body = {"server_group": {"name": "g", "policies": ["soft-anti-affinity"]}}
    assert demo.post(f"{COMPUTE}/os-server-groups", body, "2.14").status == 400


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"key_name": "none"}, (400, "Invalid key_name provided.")),
        ({"imageRef": NOWHERE}, (400, "Can not find requested image")),
        ({"flavorRef": "none"}, (400, "Flavor none could not be found.")),
        ({"availability_zone": "moon"}, (400, "The requested availability zone is not available")),
        ({"networks": [{"port": "none"}]}, (400, "Port id none could not be found.")),
        ({"security_groups": [{"name": "none"}]}, (400, "Unable to find security_group with name or id 'none'")),
    ],
)
def test_a_server_cannot_be_made_of_what_is_not_there(
    demo: Api, wish: dict[str, object], expected: tuple[int, str]
) -> None:
    """400, naming it."""
    network, _ = demo.network()
    assert refusal(demo.ask_server(network, **wish)) == expected


def test_user_data_has_a_longest(demo: Api) -> None:
    """Over 65535 bytes of base64 are refused."""
    network, _ = demo.network()
    assert demo.ask_server(network, user_data="A" * 65536).status == 400


def test_projects_do_not_see_each_others_servers(demo: Api, other: Api) -> None:
    """404 with Nova's sentence."""
    server = demo.server(demo.network()[0])["id"]
    answer = other.call("GET", f"{COMPUTE}/servers/{server}")
    assert refusal(answer) == (404, f"Instance {server} could not be found.")


def test_only_a_running_server_is_paused(demo: Api) -> None:
    """409 with the state it is in."""
    server = demo.server(demo.network()[0])["id"]
    demo.post(f"{COMPUTE}/servers/{server}/action", {"os-stop": None})
    demo.await_server(server, "SHUTOFF")
    answer = demo.post(f"{COMPUTE}/servers/{server}/action", {"pause": None})
    assert refusal(answer) == (409, f"Cannot 'pause' instance {server} while it is in vm_state stopped")


def test_a_resize_waits_to_be_confirmed(demo: Api) -> None:
    """VERIFY_RESIZE, then ACTIVE with the new flavor."""
    server = demo.server(demo.network()[0])["id"]
    demo.post(f"{COMPUTE}/servers/{server}/action", {"resize": {"flavorRef": "2"}})
    between = demo.await_server(server, "VERIFY_RESIZE")["status"]
    demo.post(f"{COMPUTE}/servers/{server}/action", {"confirmResize": None})
    after = demo.get(f"{COMPUTE}/servers/{server}")["server"]
    assert (between, after["status"], after["flavor"]["id"]) == ("VERIFY_RESIZE", "ACTIVE", "2")


def test_the_console_ends_with_as_many_lines_as_asked(demo: Api) -> None:
    """os-getConsoleOutput with a length."""
    server = demo.server(demo.network()[0])["id"]
    answer = demo.post(f"{COMPUTE}/servers/{server}/action", {"os-getConsoleOutput": {"length": 2}})
    assert answer.body == {"output": "two\nthree\n"}


def test_a_boot_volume_goes_with_its_server(demo: Api) -> None:
    """delete_on_termination."""
    network, _ = demo.network()
    disk = {
        "boot_index": 0,
        "uuid": demo.image(),
        "source_type": "image",
        "destination_type": "volume",
        "volume_size": 5,
        "delete_on_termination": True,
    }
    server = demo.server(network, imageRef="", block_device_mapping_v2=[disk])
    volumes = f"/volume/v3/{demo.project_id}/volumes/detail"
    before = [(it["status"], it["size"], it["bootable"]) for it in demo.get(volumes)["volumes"]]
    demo.delete(f"{COMPUTE}/servers/{server['id']}")
    demo.await_gone(f"{COMPUTE}/servers/{server['id']}")
    assert (server["image"], before, demo.get(volumes)["volumes"]) == ("", [("in-use", 5, "true")], [])


def test_a_port_serves_one_server(demo: Api) -> None:
    """409 for the second."""
    network, _ = demo.network()
    port = demo.port(network)["id"]
    demo.server(network, networks=[{"port": port}])
    answer = demo.ask_server(network, networks=[{"port": port}])
    assert refusal(answer) == (409, f"Port {port} is still in use.")


def test_key_pairs_belong_to_users(demo: Api, other: Api) -> None:
    """Another user does not have it."""
    demo.post(f"{COMPUTE}/os-keypairs", {"keypair": {"name": "k"}})
    assert other.call("GET", f"{COMPUTE}/os-keypairs/k").status == 404


def test_an_unknown_microversion_is_refused(demo: Api) -> None:
    """406, naming the range."""
    answer = demo.call("GET", f"{COMPUTE}/servers", None, {"OpenStack-API-Version": "compute 2.999"})
    assert refusal(answer) == (
        406,
        "Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.90.",
    )


def test_limits_count_what_is_there(demo: Api) -> None:
    """Instances, cores and memory in use."""
    demo.server(demo.network()[0])
    seen = demo.get(f"{COMPUTE}/limits")["limits"]["absolute"]
    assert (seen["totalInstancesUsed"], seen["totalCoresUsed"], seen["totalRAMUsed"]) == (1, 1, 512)
