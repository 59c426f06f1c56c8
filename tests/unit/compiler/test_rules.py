from __future__ import annotations

import pytest

from magnumctl.blueprint.model import Api, PublishedPort, ServicePort
from tests.unit.compiler.bays import HTTP, REDIS, compiled, container, docker_bay, kubernetes_bay, service

OFFICE = Api(allowed_cidrs=("198.51.100.0/24",))
EVERYONE = Api(allowed_cidrs=("0.0.0.0/0", "::/0"))


def test_the_api_is_open_to_the_caller_alone_when_the_blueprint_names_nobody() -> None:
    """No allowed_cidrs: the address of this machine."""
    assert compiled(docker_bay()).variables.api.allowed_cidrs == ("203.0.113.7/32",)


def test_an_empty_list_opens_the_api_to_nobody() -> None:
    """allowed_cidrs: [] is a wish, not a missing one."""
    bay = compiled(docker_bay(api=Api(allowed_cidrs=())), containers=(container(REDIS),))
    assert (bay.variables.api.allowed_cidrs, bay.variables.rules) == ((), {})


def test_cidrs_are_written_as_neutron_writes_them() -> None:
    """Host bits are dropped and doubles removed, so that a second plan finds nothing to change."""
    api = Api(allowed_cidrs=("198.51.100.77/24", "198.51.100.0/24", "2001:DB8::/32"))
    assert compiled(docker_bay(api=api)).variables.api.allowed_cidrs == ("198.51.100.0/24", "2001:db8::/32")


def test_a_published_port_is_open_to_those_who_may_use_the_api() -> None:
    """One rule for each port and range, keyed by what it opens."""
    rules = compiled(docker_bay(api=OFFICE), containers=(container(REDIS),)).variables.rules
    rule = rules["tcp-6379-from-198.51.100.0/24"]
    assert (len(rules), rule.protocol, rule.port_min, rule.port_max, rule.remote, rule.remote_cidr) == (
        1,
        "tcp",
        6379,
        6379,
        "cidr",
        "198.51.100.0/24",
    )


@pytest.mark.parametrize(
    "port",
    [
        PublishedPort(container_port=80, host_port=None),
        PublishedPort(container_port=80, host_port=80, host_ip="127.0.0.1"),
        PublishedPort(container_port=80, host_port=80, host_ip="::1"),
        PublishedPort(container_port=2376, host_port=2376),
    ],
)
def test_a_port_that_is_not_published_to_the_network_opens_nothing(port: PublishedPort) -> None:
    """A port of Docker's choice, one of loopback, and the API's own need no rule."""
    assert compiled(docker_bay(), containers=(container(port),)).variables.rules == {}


def test_containers_that_share_a_port_share_its_rule() -> None:
    """Neutron refuses a second rule that says the same."""
    two = (container(REDIS, name="a"), container(REDIS, name="b"))
    assert len(compiled(docker_bay(), containers=two).variables.rules) == 1


def test_the_same_port_of_two_protocols_has_two_rules() -> None:
    """DNS is published for tcp and udp."""
    dns = [PublishedPort(container_port=53, host_port=53, protocol=protocol) for protocol in ("tcp", "udp")]
    rules = compiled(docker_bay(), containers=(container(*dns),)).variables.rules
    assert sorted(rules) == ["tcp-53-from-203.0.113.7/32", "udp-53-from-203.0.113.7/32"]


@pytest.mark.parametrize("kind", ["NodePort", "LoadBalancer"])
def test_a_node_port_that_the_blueprint_names_is_open(kind: str) -> None:
    """The service's protocol is written as Neutron has it."""
    rules = compiled(kubernetes_bay(), services=(service(HTTP, kind=kind),)).variables.rules
    assert list(rules) == ["tcp-30080-from-203.0.113.7/32"]


@pytest.mark.parametrize(("port", "kind"), [(ServicePort(port=80, target_port=80), "NodePort"), (HTTP, "ClusterIP")])
def test_a_service_without_a_node_port_of_its_own_opens_nothing(port: ServicePort, kind: str) -> None:
    """A port that Kubernetes would choose is unknown when the bay is compiled."""
    assert compiled(kubernetes_bay(), services=(service(port, kind=kind),)).variables.rules == {}


def test_nothing_is_open_to_all_unless_the_blueprint_says_so() -> None:
    """The defaults leave the plan with no rule to warn of."""
    assert compiled(docker_bay(), containers=(container(REDIS),)).open_rules == ()


def test_every_rule_that_lets_the_internet_in_is_named() -> None:
    """Each has its sentence: what listens, where, and for whom, in both families."""
    bay = compiled(docker_bay(api=EVERYONE), containers=(container(REDIS),))
    assert bay.open_rules == (
        "bay edge: the API (tcp 2376) is open to 0.0.0.0/0",
        "bay edge: container cache (tcp 6379) is open to 0.0.0.0/0",
        "bay edge: the API (tcp 2376) is open to ::/0",
        "bay edge: container cache (tcp 6379) is open to ::/0",
    )


def test_rules_do_not_depend_on_the_order_of_the_blueprint() -> None:
    """Moving a container up or down in the file changes nothing."""
    one, other = container(REDIS), container(PublishedPort(container_port=80, host_port=8080), name="web")
    assert compiled(docker_bay(), containers=(one, other)) == compiled(docker_bay(), containers=(other, one))
