from __future__ import annotations

import pytest

from .api import NETWORK, Answer, Api


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body["NeutronError"]["type"]


def test_projects_do_not_see_each_other(demo: Api, other: Api) -> None:
    """Another project's network is 404, not 403."""
    network, _ = demo.network()
    assert refusal(other.call("GET", f"{NETWORK}/networks/{network}")) == (404, "NetworkNotFound")


def test_everybody_sees_the_external_network(other: Api) -> None:
    """public is visible, and external."""
    assert [it["name"] for it in other.get(f"{NETWORK}/networks?router:external=true")["networks"]] == ["public"]


def test_nobody_but_its_owner_changes_the_external_network(demo: Api) -> None:
    """403: it is visible, but not theirs."""
    assert refusal(demo.delete(f"{NETWORK}/networks/{demo.public()}")) == (403, "PolicyNotAuthorized")


def test_a_network_with_ports_stays(demo: Api) -> None:
    """409 NetworkInUse."""
    network, _ = demo.network()
    demo.port(network)
    assert refusal(demo.delete(f"{NETWORK}/networks/{network}")) == (409, "NetworkInUse")


def test_a_network_takes_its_subnets_along(demo: Api) -> None:
    """Deleting a network without ports deletes its subnets."""
    network, subnet = demo.network()
    demo.delete(f"{NETWORK}/networks/{network}")
    assert refusal(demo.call("GET", f"{NETWORK}/subnets/{subnet}")) == (404, "SubnetNotFound")


def test_a_subnet_leaves_its_gateway_out_of_the_pool(demo: Api) -> None:
    """Pools and gateway are as Neutron chooses them."""
    _, subnet = demo.network("10.0.0.0/24")
    seen = demo.get(f"{NETWORK}/subnets/{subnet}")["subnet"]
    assert (seen["gateway_ip"], seen["allocation_pools"]) == ("10.0.0.1", [{"start": "10.0.0.2", "end": "10.0.0.254"}])


def test_a_cidr_that_is_none_is_refused(demo: Api) -> None:
    """400, quoting it."""
    network, _ = demo.network()
    answer = demo.post(f"{NETWORK}/subnets", {"subnet": {"network_id": network, "cidr": "ten", "ip_version": 4}})
    assert (answer.status, answer.body["NeutronError"]["message"]) == (
        400,
        "Invalid input for operation: ten is not in a CIDR format.",
    )


def test_host_bits_of_a_cidr_are_dropped(demo: Api) -> None:
    """As Neutron does."""
    _, subnet = demo.network("10.0.0.5/24")
    assert demo.get(f"{NETWORK}/subnets/{subnet}")["subnet"]["cidr"] == "10.0.0.0/24"


def test_all_ports_is_no_range(demo: Api) -> None:
    """1 to 65535 comes back as none, as Neutron does."""
    made = rule(demo, protocol="tcp", port_range_min=1, port_range_max=65535).body["security_group_rule"]
    assert (made["port_range_min"], made["port_range_max"]) == (None, None)


def test_subnets_of_one_network_do_not_overlap(demo: Api) -> None:
    """400 for the second."""
    network, _ = demo.network("10.0.0.0/16")
    wish = {"network_id": network, "cidr": "10.0.5.0/24", "ip_version": 4}
    assert refusal(demo.post(f"{NETWORK}/subnets", {"subnet": wish})) == (400, "InvalidInput")


def test_an_unknown_attribute_is_named(demo: Api) -> None:
    """Neutron refuses what it does not know."""
    answer = demo.post(f"{NETWORK}/networks", {"network": {"nme": "n"}})
    assert answer.body["NeutronError"]["message"] == "Unrecognized attribute(s) 'nme'"


def test_an_address_is_given_once(demo: Api) -> None:
    """409 for the second port that wants it."""
    network, _ = demo.network()
    wish = {"port": {"network_id": network, "fixed_ips": [{"ip_address": "10.0.0.9"}]}}
    demo.post(f"{NETWORK}/ports", wish)
    assert refusal(demo.post(f"{NETWORK}/ports", wish)) == (409, "IpAddressAlreadyAllocated")


def test_a_full_subnet_has_no_more_addresses(demo: Api) -> None:
    """A /30 has one address to give."""
    network, _ = demo.network("10.0.0.0/30")
    demo.port(network)
    answer = demo.post(f"{NETWORK}/ports", {"port": {"network_id": network}})
    assert refusal(answer) == (409, "IpAddressGenerationFailure")


def test_a_freed_address_can_be_had_again(demo: Api) -> None:
    """The only address of a /30 goes round."""
    network, _ = demo.network("10.0.0.0/30")
    first = demo.port(network)
    demo.delete(f"{NETWORK}/ports/{first['id']}")
    assert demo.port(network)["fixed_ips"] == first["fixed_ips"]


def test_a_port_is_in_the_default_group(demo: Api) -> None:
    """Without a word about security groups."""
    network, _ = demo.network()
    default = demo.get(f"{NETWORK}/security-groups?name=default")["security_groups"][0]["id"]
    assert demo.port(network)["security_groups"] == [default]


def test_a_router_with_an_interface_stays(demo: Api) -> None:
    """409 RouterInUse."""
    router = demo.router(demo.network()[1])
    assert refusal(demo.delete(f"{NETWORK}/routers/{router}")) == (409, "RouterInUse")


def test_a_router_interface_takes_the_gateways_address(demo: Api) -> None:
    """Its port has the subnet's gateway_ip."""
    network, subnet = demo.network()
    demo.router(subnet)
    ports = demo.get(f"{NETWORK}/ports?network_id={network}&device_owner=network:router_interface")["ports"]
    assert [it["fixed_ips"][0]["ip_address"] for it in ports] == ["10.0.0.1"]


def test_a_router_interface_that_a_floating_ip_needs_stays(demo: Api) -> None:
    """409 RouterInterfaceInUseByFloatingIP."""
    network, subnet = demo.network()
    router = demo.router(subnet)
    demo.floating_ip(demo.port(network)["id"])
    answer = demo.put(f"{NETWORK}/routers/{router}/remove_router_interface", {"subnet_id": subnet})
    assert refusal(answer) == (409, "RouterInterfaceInUseByFloatingIP")


def test_a_floating_ip_needs_a_way_to_its_port(demo: Api) -> None:
    """404 when no router joins the two."""
    network, _ = demo.network()
    assert refusal(demo.floating_ip(demo.port(network)["id"])) == (404, "ExternalGatewayForFloatingIPNotFound")


def test_a_floating_ip_is_active_while_it_leads_somewhere(demo: Api) -> None:
    """ACTIVE with a port, DOWN without."""
    network, subnet = demo.network()
    demo.router(subnet)
    floating = demo.floating_ip(demo.port(network)["id"]).body["floatingip"]
    after = demo.put(f"{NETWORK}/floatingips/{floating['id']}", {"floatingip": {"port_id": None}}).body["floatingip"]
    assert (floating["status"], after["status"]) == ("ACTIVE", "DOWN")


def test_floating_ips_are_loopback_addresses(demo: Api) -> None:
    """They come from 127.77.0.0/16, where this machine can listen."""
    assert demo.floating_ip().body["floatingip"]["floating_ip_address"].startswith("127.77.")


def test_the_quota_of_floating_ips_is_told_in_neutrons_words(admin: Api, demo: Api) -> None:
    """409 OverQuota."""
    admin.put(f"{NETWORK}/quotas/{demo.project_id}", {"quota": {"floatingip": 1}})
    demo.floating_ip()
    answer = demo.floating_ip()
    assert (answer.status, answer.body["NeutronError"]["message"]) == (
        409,
        "Quota exceeded for resources: ['floatingip'].",
    )


def test_a_security_group_in_use_stays(demo: Api) -> None:
    """409 while a port is in it."""
    network, _ = demo.network()
    group = demo.post(f"{NETWORK}/security-groups", {"security_group": {"name": "g"}}).body["security_group"]["id"]
    demo.post(f"{NETWORK}/ports", {"port": {"network_id": network, "security_groups": [group]}})
    assert refusal(demo.delete(f"{NETWORK}/security-groups/{group}")) == (409, "SecurityGroupInUse")


def rule(api: Api, **wish: object) -> Answer:
    group = api.get(f"{NETWORK}/security-groups?name=default")["security_groups"][0]["id"]
    base = {"security_group_id": group, "direction": "ingress", "ethertype": "IPv4"}
    return api.post(f"{NETWORK}/security-group-rules", {"security_group_rule": base | wish})


def test_a_rule_is_made_once(demo: Api) -> None:
    """409 SecurityGroupRuleExists."""
    wish = {"protocol": "tcp", "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "10.0.0.0/8"}
    rule(demo, **wish)
    assert refusal(rule(demo, **wish)) == (409, "SecurityGroupRuleExists")


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        ({"port_range_min": 1, "port_range_max": 2}, "SecurityGroupProtocolRequiredWithPorts"),
        ({"protocol": "tcp", "port_range_min": 9, "port_range_max": 2}, "SecurityGroupInvalidPortRange"),
        ({"protocol": "carrier-pigeon"}, "SecurityGroupRuleInvalidProtocol"),
        ({"remote_ip_prefix": "::/0"}, "SecurityGroupRuleParameterConflict"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(demo: Api, wish: dict[str, object], kind: str) -> None:
    """400 with Neutron's name for it."""
    assert refusal(rule(demo, **wish)) == (400, kind)


def test_tags_find_what_carries_them(demo: Api) -> None:
    """PUT tags, then filter by them."""
    network, _ = demo.network()
    demo.put(f"{NETWORK}/networks/{network}/tags", {"tags": ["magnumctl:1", "b"]})
    found = demo.get(f"{NETWORK}/networks?tags=magnumctl:1,b")["networks"]
    assert [it["id"] for it in found] == [network]


def test_names_are_not_unique(demo: Api) -> None:
    """Two networks of one name live side by side."""
    demo.network()
    demo.network()
    assert len(demo.get(f"{NETWORK}/networks?name=n")["networks"]) == 2


def test_quota_details_count_what_is_there(demo: Api) -> None:
    """used, limit, reserved."""
    demo.network()
    assert demo.get(f"{NETWORK}/quotas/{demo.project_id}/details.json")["quota"]["network"] == {
        "limit": 100,
        "used": 1,
        "reserved": 0,
    }
