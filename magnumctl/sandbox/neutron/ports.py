from __future__ import annotations

import secrets
from dataclasses import dataclass

from magnumctl.sandbox import reach
from magnumctl.sandbox.neutron import bodies, ipam, listing, networks, security_groups
from magnumctl.sandbox.neutron.records import FixedIp, Network, Port, Subnet
from magnumctl.sandbox.neutron.refusals import bad_request, conflict, invalid, not_allowed, not_found
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Caller, Json, Reply, empty

_CHANGES = (
    "name",
    "description",
    "admin_state_up",
    "device_id",
    "device_owner",
    "allowed_address_pairs",
    "port_security_enabled",
    "extra_dhcp_opts",
    "dns_name",
    "dns_domain",
    "qos_policy_id",
)
_BINDING = {"binding:vnic_type": "vnic_type", "binding:host_id": "host", "binding:profile": "profile"}
_KEYS = frozenset(
    {
        *_CHANGES,
        *_BINDING,
        "network_id",
        "fixed_ips",
        "mac_address",
        "security_groups",
        "tags",
        "propagate_uplink_status",
        "numa_affinity_policy",
    }
)
_ROUTERS = frozenset({"network:router_interface", "network:router_gateway", "network:floatingip"})


def found(cloud: Cloud, port_id: str, caller: Caller) -> Port:
    port = cloud.neutron.ports.get(port_id)
    if port is None or not _sees(cloud, port, caller):
        raise not_found("Port", port_id)
    return port


def _sees(cloud: Cloud, port: Port, caller: Caller) -> bool:
    return caller.owns(port.project_id) or caller.owns(cloud.neutron.networks[port.network_id].project_id)


def list_ports(cloud: Cloud, call: Call) -> Reply:
    rows = [
        bodies.port(cloud.neutron, it, call.caller)
        for it in cloud.neutron.ports.values()
        if _sees(cloud, it, call.caller)
    ]
    return listing.answer("ports", rows, call)


def show_port(cloud: Cloud, call: Call) -> Reply:
    return listing.one(
        "port", bodies.port(cloud.neutron, found(cloud, call.part("id"), call.caller), call.caller), call
    )


@dataclass(frozen=True)
class PortWish:
    """A port on behalf of somebody: `fixed_ips` as in the API; security groups None: the project's default."""

    project_id: str
    fixed_ips: tuple[Json, ...] | None = None
    security_groups: tuple[str, ...] | None = None
    device_id: str = ""
    device_owner: str = ""
    name: str = ""
    mac_address: str = ""


def make(cloud: Cloud, network: Network, wish: PortWish) -> Port:
    """Without regard to quota: system ports have none, users' ports are counted where they are asked for."""
    groups = wish.security_groups
    if groups is None:
        groups = (security_groups.default_of(cloud, wish.project_id).id,)
    port = Port(
        wish.project_id,
        wish.name,
        network_id=network.id,
        mac_address=_mac(cloud, network, wish.mac_address),
        device_id=wish.device_id,
        device_owner=wish.device_owner,
        security_groups=list(groups),
    )
    port.fixed_ips = addresses(cloud, network, wish.fixed_ips)
    cloud.neutron.ports[port.id] = port
    return port


def _mac(cloud: Cloud, network: Network, asked: str) -> str:
    if asked and any(
        port.mac_address == asked for port in cloud.neutron.ports.values() if port.network_id == network.id
    ):
        raise conflict(
            f"Unable to complete operation for network {network.id}. The mac address {asked} is in use.",
            "MacAddressInUse",
        )
    return asked or "fa:16:3e:" + ":".join(f"{byte:02x}" for byte in secrets.token_bytes(3))


def addresses(cloud: Cloud, network: Network, wanted: tuple[Json, ...] | None) -> list[FixedIp]:
    """None asks for one address of the network's first IPv4 subnet; nothing stays taken when one is refused."""
    subnets = cloud.neutron.subnets_of(network.id)
    if wanted is None:
        return [ipam.allocate(subnet) for subnet in sorted(subnets, key=lambda it: it.ip_version)[:1]]
    taken: list[FixedIp] = []
    try:
        for term in wanted:
            taken.append(_address(cloud, network, subnets, term))  # noqa: PERF401 - what is taken must be known when one fails
    except Exception:
        free(cloud, taken)
        raise
    return taken


def free(cloud: Cloud, taken: list[FixedIp]) -> None:
    for fixed in taken:
        ipam.release(cloud.neutron.subnets.get(fixed.subnet_id), fixed.ip_address)


def _address(cloud: Cloud, network: Network, subnets: list[Subnet], term: Json) -> FixedIp:
    address, subnet_id = term.get("ip_address"), term.get("subnet_id")
    if subnet_id:
        subnet = cloud.neutron.subnets.get(subnet_id)
        if subnet is None:
            raise not_found("Subnet", subnet_id)
        if subnet.network_id != network.id:
            raise invalid(
                f"Failed to create port on network {network.id}, because fixed_ips included invalid subnet {subnet_id}"
            )
        return ipam.claim(subnet, address) if address else ipam.allocate(subnet)
    if not address:
        raise invalid("IP allocation requires subnet_id or ip_address")
    wanted = ipam.valid_address(address)
    for subnet in subnets:
        if wanted in ipam.parsed_cidr(subnet.cidr):
            return ipam.claim(subnet, address)
    raise bad_request(
        f"IP address {address} is not a valid IP for any of the subnets on the specified network.",
        "InvalidIpForNetwork",
    )


def create_port(cloud: Cloud, call: Call) -> Reply:
    made = [_made(cloud, call, wish) for wish in listing.wishes(call, "port", "ports", _KEYS)]
    return listing.created("port", "ports", [bodies.port(cloud.neutron, it, call.caller) for it in made], call)


def _made(cloud: Cloud, call: Call, wish: Json) -> Port:
    network = networks.found(cloud, str(wish.get("network_id", "")), call.caller)
    if network.external and not call.caller.owns(network.project_id) and not network.shared:
        raise not_allowed(call.caller.project_id, "port")
    owner = listing.owner(call, wish)
    listing.within_quota(cloud, "port", cloud.neutron.ports.values(), owner)
    groups = _groups(cloud, call, wish)
    fixed = wish.get("fixed_ips")
    port = make(
        cloud,
        network,
        PortWish(
            owner,
            fixed_ips=tuple(fixed) if fixed is not None else None,
            security_groups=groups,
            mac_address=wish.get("mac_address") or "",
        ),
    )
    _amend(port, wish)
    port.tags = list(wish.get("tags") or [])
    return port


def _groups(cloud: Cloud, call: Call, wish: Json) -> tuple[str, ...] | None:
    if wish.get("port_security_enabled") is False:
        if wish.get("security_groups"):
            raise conflict(
                "Port Security must be enabled in order to have allowed address pairs on a port.",
                "PortSecurityAndIPRequiredForSecurityGroups",
            )
        return ()
    asked = wish.get("security_groups")
    return None if asked is None else tuple(security_groups.found(cloud, group, call.caller).id for group in asked)


def _amend(port: Port, wish: Json) -> None:
    for key in _CHANGES:
        if wish.get(key) is not None:
            setattr(port, key, wish[key])
    for key, name in _BINDING.items():
        if wish.get(key) is not None:
            setattr(port, name, wish[key])
    for pair in port.allowed_address_pairs:
        pair.setdefault("mac_address", port.mac_address)


def update_port(cloud: Cloud, call: Call) -> Reply:
    port = found(cloud, call.part("id"), call.caller)
    wish = call.resource("port")
    listing.check(wish, _KEYS - {"network_id"})
    if wish.get("fixed_ips") is not None:
        _readdress(cloud, port, wish["fixed_ips"])
    groups = _groups(cloud, call, wish)
    if groups is not None:
        port.security_groups = list(groups)
    _amend(port, wish)
    port.touch()
    return listing.one("port", bodies.port(cloud.neutron, port, call.caller), call)


def _readdress(cloud: Cloud, port: Port, wanted: list[Json]) -> None:
    """Addresses that stay are kept; only new ones are looked for."""
    kept = [fixed for fixed in port.fixed_ips if any(_means(term, fixed) for term in wanted)]
    fresh = tuple(term for term in wanted if not any(_means(term, fixed) for fixed in kept))
    added = addresses(cloud, cloud.neutron.networks[port.network_id], fresh)
    free(cloud, [fixed for fixed in port.fixed_ips if fixed not in kept])
    port.fixed_ips = kept + added


def _means(term: Json, fixed: FixedIp) -> bool:
    same_address: bool = term.get("ip_address", fixed.ip_address) == fixed.ip_address
    return same_address and bool(term.get("subnet_id", fixed.subnet_id) == fixed.subnet_id)


def delete_port(cloud: Cloud, call: Call) -> Reply:
    port = found(cloud, call.part("id"), call.caller)
    if port.device_owner in _ROUTERS and port.device_id:
        raise conflict(
            f"Port {port.id} cannot be deleted directly via the port API: has device owner {port.device_owner}.",
            "ServicePortInUse",
        )
    remove(cloud, port)
    return empty()


def remove(cloud: Cloud, port: Port) -> None:
    """Floating IPs that led there lead nowhere."""
    for floating in cloud.neutron.floating_of(port.id):
        reach.moved(cloud, floating, None)
    free(cloud, port.fixed_ips)
    cloud.neutron.ports.pop(port.id, None)


def bind(port: Port, *, device_id: str, owner: str, host: str) -> None:
    port.device_id, port.device_owner, port.host, port.status = device_id, owner, host, "ACTIVE"
    port.touch()


def unbind(cloud: Cloud, port: Port) -> None:
    for floating in cloud.neutron.floating_of(port.id):
        reach.silent(cloud, floating, port)
    port.device_id, port.device_owner, port.host, port.status = "", "", "", "DOWN"
    port.touch()
