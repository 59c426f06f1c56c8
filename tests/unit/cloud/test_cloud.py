"""What the services say, as values."""

from __future__ import annotations

import pytest

from magnumctl.cloud import Flavor, QuotaRow, Resource, ServerFault
from magnumctl.cloud.inventory import SHELVES
from magnumctl.errors import CloudError

from .canned import Answer, Query, always, canned

UUID = "11111111-2222-4333-8444-555555555555"
EMPTY: dict[str, Answer] = {
    path: always({shelf.collection: []})
    for shelf in SHELVES
    for path in (f"/v2.1{shelf.path}", f"/v2.0{shelf.path}", f"/v3/p1{shelf.path}", f"/v2{shelf.path}")
}
SMALL = {"id": "2", "name": "m1.small", "vcpus": 1, "ram": 2048, "disk": 20}


def test_an_empty_project_holds_nothing() -> None:
    """Every kind was asked for, once."""
    cloud, transport = canned(EMPTY)
    assert (cloud.inventory().resources, len(transport.asked)) == (frozenset(), len(SHELVES))


def test_endpoints_get_the_version_they_lack() -> None:
    """With or without a version, a project or a slash at the end in the catalog."""
    cloud, transport = canned(EMPTY)
    cloud.inventory()
    assert {"nova.example/v2.1/servers/detail", "neutron.example/v2.0/ports", "cinder.example/v3/p1/volumes/detail"} < {
        *transport.asked
    }
    assert "octavia.example/v2/lbaas/loadbalancers" in transport.asked


def test_what_bears_our_mark_is_found_by_bay() -> None:
    """As a tag, or in the metadata of what has no tags."""
    answers = EMPTY | {
        "/v2.0/networks": always({"networks": [{"id": "n", "name": "web", "tags": [f"magnumctl:{UUID}", "a"]}]}),
        "/v3/p1/volumes/detail": always({"volumes": [{"id": "v", "name": "", "metadata": {"magnumctl_bay": UUID}}]}),
        "/v2.0/floatingips": always({"floatingips": [{"id": "f", "floating_ip_address": "198.51.100.4", "tags": []}]}),
    }
    inventory = canned(answers)[0].inventory()
    assert inventory.of_bay(UUID) == {
        Resource("network", "n", "web", ("a", f"magnumctl:{UUID}")),
        Resource("volume", "v", "", (f"magnumctl:{UUID}",)),
    }
    assert len(inventory.resources) == 3


def test_keypairs_have_a_name_and_no_id() -> None:
    """Nova wraps each one."""
    answers = EMPTY | {"/v2.1/os-keypairs": always({"keypairs": [{"keypair": {"name": "ops"}}]})}
    assert canned(answers)[0].inventory().resources == {Resource("keypair", "ops", "ops")}


def test_a_service_that_the_cloud_lacks_holds_nothing() -> None:
    """A cloud without Octavia and Cinder."""
    cloud, _ = canned(EMPTY, {"compute": "https://nova.example/v2.1", "network": "https://neutron.example"})
    assert cloud.inventory().resources == frozenset()


def test_a_service_that_fails_is_an_error() -> None:
    """Half an inventory would look like things that are gone."""
    cloud, _ = canned(EMPTY | {"/v2.0/ports": always({"error": "no"}, 403)})
    with pytest.raises(CloudError, match="Neutron does not allow these credentials to list ports"):
        cloud.inventory()


def pages(query: Query) -> tuple[int, object]:
    """Three servers, two to a page; the link leads to another host, as behind a careless proxy."""
    rows = [{"id": str(number), "name": ""} for number in range(3)]
    begin = int(query.get("marker", "-1")) + 1
    links = [{"rel": "next", "href": "https://elsewhere.example/steal"}] if begin + 2 < len(rows) else []
    return 200, {"servers": rows[begin : begin + 2], "servers_links": links}


def test_a_listing_is_read_page_by_page() -> None:
    """By marker: the token goes to the catalog's endpoint and nowhere else."""
    cloud, transport = canned(EMPTY | {"/v2.1/servers/detail": pages})
    assert sorted(resource.id for resource in cloud.inventory().resources) == ["0", "1", "2"]
    assert not [asked for asked in transport.asked if asked.startswith("elsewhere")]


def test_a_listing_without_end_is_cut_off() -> None:
    """A service that always says there is more."""
    endless = always({"ports": [{"id": "p"}] * 500, "ports_links": [{"rel": "next"}]})
    with pytest.raises(CloudError, match="Neutron lists more than 20000 ports"):
        canned(EMPTY | {"/v2.0/ports": endless})[0].inventory()


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"ports": {}}'])
def test_an_answer_that_is_none(body: bytes) -> None:
    """A proxy's page, or JSON of another shape."""
    with pytest.raises(CloudError, match=r"^Neutron (did not answer in JSON|gave no ports)"):
        canned(EMPTY | {"/v2.0/ports": always(body)})[0].inventory()


def test_quota_in_our_words() -> None:
    """Used, reserved and limit; -1 has no bound; a kind that is not counted is left out."""
    nova = {"totalInstancesUsed": 3, "maxTotalInstances": 10, "totalCoresUsed": 4, "maxTotalCores": -1}
    answers = {
        "/v2.1/limits": always({"limits": {"absolute": nova}}),
        "/v2.0/quotas/p1/details.json": always({"quota": {"port": {"used": 4, "reserved": 1, "limit": 5}}}),
        "/v3/p1/limits": always({"limits": {"absolute": {"totalVolumesUsed": 9, "maxTotalVolumes": 5}}}),
        "/v2/lbaas/quotas/p1": always({"quota": {"load_balancer": 2}}),
        "/v2/lbaas/loadbalancers": always({"loadbalancers": [{"id": "l"}]}),
    }
    rows = canned(answers)[0].quota()
    assert [(row.resource, row.used, row.limit, row.free) for row in rows] == [
        ("instances", 3, 10, 7),
        ("cores", 4, -1, -1),
        ("ports", 5, 5, 0),
        ("volumes", 9, 5, 0),
        ("load_balancers", 1, 2, 1),
    ]


def test_neutron_without_quota_details_is_counted() -> None:
    """The extension is not everywhere."""
    answers = {
        "/v2.0/quotas/p1": always({"quota": {"security_group": 10}}),
        "/v2.0/security-groups": always({"security_groups": [{"id": "a"}, {"id": "b"}]}),
    }
    rows = canned(answers, {"network": "https://neutron.example"})[0].quota()
    assert rows == (QuotaRow("security_groups", 2, 10),)


@pytest.mark.parametrize("word", ["m1.small", "2"])
def test_a_flavor_by_name_or_id(word: str) -> None:
    """Both are how people call it."""
    cloud, _ = canned({"/v2.1/flavors/detail": always({"flavors": [SMALL]})})
    assert cloud.flavor(word) == Flavor("2", "m1.small", 1, 2048, 20)


def test_an_unknown_flavor_names_the_nearest() -> None:
    """And all that there are."""
    cloud, _ = canned({"/v2.1/flavors/detail": always({"flavors": [SMALL, SMALL | {"id": "3", "name": "m1.large"}]})})
    with pytest.raises(CloudError) as error:
        cloud.flavor("m1.smal")
    assert error.value.detail == "did you mean m1.small? this project may use m1.large, m1.small"


def test_a_console_that_is_not_there_yet_is_empty() -> None:
    """Nova says 409 until the server is built."""
    assert canned({"/v2.1/servers/s/action": always({}, 409)})[0].console("s") == ""


def test_the_fault_is_novas_own_reason() -> None:
    """Its message and its time; a server without one has none."""
    fault = {"message": "No valid host was found.", "created": "2026-01-02T03:04:05Z"}
    answers = {
        "/v2.1/servers/bad": always({"server": {"status": "ERROR", "fault": fault}}),
        "/v2.1/servers/good": always({"server": {"status": "ACTIVE"}}),
    }
    cloud, _ = canned(answers)
    assert cloud.server_fault("bad") == ServerFault("ERROR", "No valid host was found.", "2026-01-02T03:04:05Z")
    assert cloud.server_fault("good") is None


def test_a_moments_failure_is_asked_again() -> None:
    """503, and then the answer."""
    answers = iter([(503, {}), (200, {"flavors": [SMALL]})])
    cloud, transport = canned({"/v2.1/flavors/detail": lambda _: next(answers)})
    assert (cloud.flavor("2").name, len(transport.asked)) == ("m1.small", 2)
