from __future__ import annotations

import itertools
from typing import Any

from magnumctl.sandbox.neutron import bodies, ipam, listing
from magnumctl.sandbox.neutron.records import Network, Subnet
from magnumctl.sandbox.neutron.refusals import bad_request, conflict, invalid, not_allowed, not_found
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Caller, Json, RefusedError, Reply, empty

_NETWORK_KEYS = frozenset(
    {
        "name",
        "description",
        "admin_state_up",
        "shared",
        "router:external",
        "mtu",
        "port_security_enabled",
        "dns_domain",
        "availability_zone_hints",
        "provider:network_type",
        "provider:physical_network",
        "provider:segmentation_id",
        "qos_policy_id",
        "vlan_transparent",
        "is_default",
    }
)
_NETWORK_CHANGES = ("name", "description", "admin_state_up", "shared", "mtu", "port_security_enabled", "dns_domain")
_ADMINS_OWN = (
    "shared",
    "router:external",
    "provider:network_type",
    "provider:physical_network",
    "provider:segmentation_id",
)
_SUBNET_CHANGES = (
    "name",
    "description",
    "gateway_ip",
    "enable_dhcp",
    "dns_nameservers",
    "host_routes",
    "allocation_pools",
    "dns_publish_fixed_ip",
    "service_types",
)
_SUBNET_KEYS = frozenset(
    {
        *_SUBNET_CHANGES,
        "network_id",
        "cidr",
        "ip_version",
        "ipv6_address_mode",
        "ipv6_ra_mode",
        "segment_id",
        "subnetpool_id",
        "prefixlen",
        "use_default_subnetpool",
    }
)
_AUTOMATIC = frozenset({"network:dhcp", "network:distributed"})
_SEGMENTS = itertools.count(1)


def visible(network: Network, caller: Caller) -> bool:
    return caller.owns(network.project_id) or network.shared or network.external


def found(cloud: Cloud, network_id: str, caller: Caller) -> Network:
    network = cloud.neutron.networks.get(network_id)
    if network is None or not visible(network, caller):
        raise not_found("Network", network_id)
    return network


def owned(cloud: Cloud, network_id: str, caller: Caller, action: str) -> Network:
    """Shared and external networks are seen by all, changed by their owner."""
    network = found(cloud, network_id, caller)
    if not caller.owns(network.project_id):
        raise RefusedError(403, f"rule:{action} is disallowed by policy", "PolicyNotAuthorized")
    return network


def list_networks(cloud: Cloud, call: Call) -> Reply:
    rows = [
        bodies.network(cloud.neutron, it, call.caller)
        for it in cloud.neutron.networks.values()
        if visible(it, call.caller)
    ]
    return listing.answer("networks", rows, call)


def show_network(cloud: Cloud, call: Call) -> Reply:
    return _shown(cloud, found(cloud, call.part("id"), call.caller), call)


def _shown(cloud: Cloud, network: Network, call: Call) -> Reply:
    return listing.one("network", bodies.network(cloud.neutron, network, call.caller), call)


def create_network(cloud: Cloud, call: Call) -> Reply:
    made = [_made(cloud, call, wish) for wish in listing.wishes(call, "network", "networks", _NETWORK_KEYS)]
    return listing.created("network", "networks", [bodies.network(cloud.neutron, it, call.caller) for it in made], call)


def _made(cloud: Cloud, call: Call, wish: Json) -> Network:
    _admins_only(call, wish, "create_network")
    owner = listing.owner(call, wish)
    listing.within_quota(cloud, "network", cloud.neutron.networks.values(), owner)
    network = Network(owner, segment=next(_SEGMENTS), external=bool(wish.get("router:external", False)))
    _set(network, wish, (*_NETWORK_CHANGES, "availability_zone_hints"))
    cloud.neutron.networks[network.id] = network
    return network


def _admins_only(call: Call, wish: Json, action: str) -> None:
    for key in _ADMINS_OWN:
        if wish.get(key) and not call.caller.is_admin:
            raise RefusedError(
                403, f"((rule:{action} and rule:{action}:{key})) is disallowed by policy", "PolicyNotAuthorized"
            )


def _set(resource: Any, wish: Json, names: tuple[str, ...]) -> None:
    for name in names:
        if name in wish:
            setattr(resource, name, wish[name])


def update_network(cloud: Cloud, call: Call) -> Reply:
    network = owned(cloud, call.part("id"), call.caller, "update_network")
    wish = call.resource("network")
    listing.check(wish, _NETWORK_KEYS)
    _admins_only(call, wish, "update_network")
    _set(network, wish, _NETWORK_CHANGES)
    network.external = bool(wish.get("router:external", network.external))
    network.touch()
    return _shown(cloud, network, call)


def delete_network(cloud: Cloud, call: Call) -> Reply:
    network = owned(cloud, call.part("id"), call.caller, "delete_network")
    ports = [port for port in cloud.neutron.ports.values() if port.network_id == network.id]
    if any(port.device_owner not in _AUTOMATIC for port in ports):
        raise conflict(
            f"Unable to complete operation on network {network.id}. There are one or more ports still in use on the "
            f"network, id for these ports is: {','.join(port.id for port in ports)}.",
            "NetworkInUse",
        )
    for subnet in cloud.neutron.subnets_of(network.id):
        del cloud.neutron.subnets[subnet.id]
    del cloud.neutron.networks[network.id]
    return empty()


def _sees(cloud: Cloud, subnet: Subnet, caller: Caller) -> bool:
    return caller.owns(subnet.project_id) or visible(cloud.neutron.networks[subnet.network_id], caller)


def found_subnet(cloud: Cloud, subnet_id: str, caller: Caller) -> Subnet:
    subnet = cloud.neutron.subnets.get(subnet_id)
    if subnet is None or not _sees(cloud, subnet, caller):
        raise not_found("Subnet", subnet_id)
    return subnet


def _owned_subnet(cloud: Cloud, call: Call, action: str) -> Subnet:
    subnet = found_subnet(cloud, call.part("id"), call.caller)
    if not call.caller.owns(subnet.project_id):
        raise RefusedError(403, f"rule:{action} is disallowed by policy", "PolicyNotAuthorized")
    return subnet


def list_subnets(cloud: Cloud, call: Call) -> Reply:
    rows = [
        bodies.subnet(cloud.neutron, it, call.caller)
        for it in cloud.neutron.subnets.values()
        if _sees(cloud, it, call.caller)
    ]
    return listing.answer("subnets", rows, call)


def show_subnet(cloud: Cloud, call: Call) -> Reply:
    subnet = found_subnet(cloud, call.part("id"), call.caller)
    return listing.one("subnet", bodies.subnet(cloud.neutron, subnet, call.caller), call)


def create_subnet(cloud: Cloud, call: Call) -> Reply:
    made = [_made_subnet(cloud, call, wish) for wish in listing.wishes(call, "subnet", "subnets", _SUBNET_KEYS)]
    return listing.created("subnet", "subnets", [bodies.subnet(cloud.neutron, it, call.caller) for it in made], call)


def _made_subnet(cloud: Cloud, call: Call, wish: Json) -> Subnet:
    network = found(cloud, str(wish.get("network_id", "")), call.caller)
    if not call.caller.owns(network.project_id):
        raise not_allowed(call.caller.project_id, "subnet")
    owner = listing.owner(call, wish)
    listing.within_quota(cloud, "subnet", cloud.neutron.subnets.values(), owner)
    if not wish.get("cidr"):
        raise bad_request("Bad subnets request: a subnetpool must be specified in the absence of a cidr.", "BadRequest")
    subnet = subnet_of(network, wish, owner)
    _no_overlap(cloud, subnet)
    cloud.neutron.subnets[subnet.id] = subnet
    return subnet


def subnet_of(network: Network, wish: Json, owner: str) -> Subnet:
    cidr = ipam.parsed_cidr(str(wish["cidr"]))
    if cidr.version != wish.get("ip_version", cidr.version):
        raise invalid(f"ip_version '{wish['ip_version']}' does not match cidr '{cidr}'")
    gateway = wish.get("gateway_ip", ipam.default_gateway(cidr))
    subnet = Subnet(owner, network_id=network.id, cidr=str(cidr), ip_version=cidr.version)
    _set(subnet, wish, (*_SUBNET_CHANGES, "ipv6_address_mode", "ipv6_ra_mode"))
    subnet.gateway_ip = str(ipam.valid_address(gateway)) if gateway else None
    subnet.allocation_pools = wish.get("allocation_pools") or ipam.default_pools(cidr, subnet.gateway_ip)
    _pools_inside(subnet)
    return subnet


def _pools_inside(subnet: Subnet) -> None:
    cidr = ipam.parsed_cidr(subnet.cidr)
    for pool in subnet.allocation_pools:
        start, end = ipam.valid_address(pool["start"]), ipam.valid_address(pool["end"])
        if start not in cidr or end not in cidr:
            raise bad_request(
                f"The allocation pool {start}-{end} spans beyond the subnet cidr {cidr}.", "OutOfBoundsAllocationPool"
            )
        if int(start) > int(end):
            raise bad_request(f"The allocation pool {start}-{end} is not valid.", "InvalidAllocationPool")
        gateway = ipam.valid_address(subnet.gateway_ip) if subnet.gateway_ip else None
        if gateway and int(start) <= int(gateway) <= int(end):
            raise conflict(
                f"Gateway ip {gateway} conflicts with allocation pool {start}-{end}.",
                "GatewayConflictWithAllocationPools",
            )


def _no_overlap(cloud: Cloud, subnet: Subnet) -> None:
    cidr = ipam.parsed_cidr(subnet.cidr)
    for other in cloud.neutron.subnets_of(subnet.network_id):
        theirs = ipam.parsed_cidr(other.cidr)
        if cidr.version == theirs.version and cidr.overlaps(theirs):
            raise invalid(
                f"Requested subnet with cidr: {cidr} for network: {subnet.network_id} overlaps with another subnet"
            )


def update_subnet(cloud: Cloud, call: Call) -> Reply:
    subnet = _owned_subnet(cloud, call, "update_subnet")
    wish = call.resource("subnet")
    listing.check(wish, frozenset(_SUBNET_CHANGES) | {"segment_id"})
    _set(subnet, wish, _SUBNET_CHANGES)
    subnet.touch()
    return listing.one("subnet", bodies.subnet(cloud.neutron, subnet, call.caller), call)


def delete_subnet(cloud: Cloud, call: Call) -> Reply:
    subnet = _owned_subnet(cloud, call, "delete_subnet")
    holders = (port for port in cloud.neutron.ports.values() if port.device_owner not in _AUTOMATIC)
    if any(fixed.subnet_id == subnet.id for port in holders for fixed in port.fixed_ips):
        raise conflict(
            f"Unable to complete operation on subnet {subnet.id}: One or more ports have an IP allocation from "
            "this subnet.",
            "SubnetInUse",
        )
    del cloud.neutron.subnets[subnet.id]
    return empty()
