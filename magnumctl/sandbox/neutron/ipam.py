"""Which address of a subnet is free, and who holds the others."""

from __future__ import annotations

import ipaddress

from magnumctl.sandbox.neutron.records import FixedIp, Network4, Subnet
from magnumctl.sandbox.neutron.refusals import bad_request, conflict, invalid
from magnumctl.sandbox.wire import Json


def parsed_cidr(text: str) -> Network4:
    """Host bits are dropped, as Neutron does."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as exc:
        raise invalid(f"{text} is not in a CIDR format") from exc


def default_gateway(cidr: Network4) -> str:
    return str(cidr.network_address + 1)


def default_pools(cidr: Network4, gateway: str | None) -> list[Json]:
    """All of the subnet but its own, its broadcast and its gateway's address."""
    first = int(cidr.network_address) + 1
    last = int(cidr.broadcast_address) - (1 if cidr.version == 4 else 0)  # noqa: PLR2004
    spans = [(first, last)]
    if gateway and ipaddress.ip_address(gateway) in cidr:
        middle = int(ipaddress.ip_address(gateway))
        spans = [(first, middle - 1), (middle + 1, last)]
    kind = type(cidr.network_address)
    return [{"start": str(kind(low)), "end": str(kind(high))} for low, high in spans if low <= high]


def allocate(subnet: Subnet) -> FixedIp:
    spans = [
        (int(ipaddress.ip_address(pool["start"])), int(ipaddress.ip_address(pool["end"])))
        for pool in subnet.allocation_pools
    ]
    free = _next_free(subnet, spans)
    if free is None:
        raise conflict(f"No more IP addresses available on network {subnet.network_id}.", "IpAddressGenerationFailure")
    subnet.used.add(free)
    subnet.last = free
    kind = type(parsed_cidr(subnet.cidr).network_address)
    return FixedIp(subnet.id, str(kind(free)))


def _next_free(subnet: Subnet, spans: list[tuple[int, int]]) -> int | None:
    behind = [(max(low, subnet.last + 1), high) for low, high in spans]
    for low, high in behind + spans:
        for candidate in range(low, high + 1):
            if candidate not in subnet.used:
                return candidate
    return None


def claim(subnet: Subnet, address: str) -> FixedIp:
    """Exactly this address, or a refusal."""
    wanted = valid_address(address)
    if wanted not in parsed_cidr(subnet.cidr):
        raise bad_request(f"IP address {address} is not a valid IP for the specified subnet.", "InvalidIpForSubnet")
    if int(wanted) in subnet.used:
        raise conflict(f"IP address {address} already allocated in subnet {subnet.id}", "IpAddressAlreadyAllocated")
    subnet.used.add(int(wanted))
    return FixedIp(subnet.id, str(wanted))


def release(subnet: Subnet | None, address: str) -> None:
    if subnet is not None:
        subnet.used.discard(int(ipaddress.ip_address(address)))


def valid_address(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(address)
    except ValueError as exc:
        raise invalid(f"'{address}' is not a valid IP address") from exc
