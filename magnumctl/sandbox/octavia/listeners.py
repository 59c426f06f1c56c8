from __future__ import annotations

import ipaddress

from magnumctl.sandbox import reach
from magnumctl.sandbox.octavia import bodies, states
from magnumctl.sandbox.octavia.records import Listener, LoadBalancer
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty

_PROTOCOLS = ("HTTP", "PROMETHEUS", "UDP", "TCP", "SCTP", "TERMINATED_HTTPS", "HTTPS")
_CHANGES = (
    "default_pool_id",
    "connection_limit",
    "allowed_cidrs",
    "insert_headers",
    "timeout_client_data",
    "timeout_member_connect",
    "timeout_member_data",
    "timeout_tcp_inspect",
)


def _found(cloud: Cloud, call: Call) -> Listener:
    return states.found(cloud.octavia.listeners, call.part("id"), call, "Listener")


def _shown(cloud: Cloud, it: Listener, status: int = 200) -> Reply:
    return Reply({"listener": bodies.listener(cloud.octavia, it)}, status)


def index(cloud: Cloud, call: Call) -> Reply:
    wanted = call.first("loadbalancer_id")
    some = [it for it in cloud.octavia.listeners.values() if not wanted or it.loadbalancer_id == wanted]
    return states.listed("listeners", some, call, lambda it: bodies.listener(cloud.octavia, it))


def show(cloud: Cloud, call: Call) -> Reply:
    return _shown(cloud, _found(cloud, call))


def create(cloud: Cloud, call: Call) -> Reply:
    wish = call.resource("listener")
    balancer = states.balancer(cloud, str(wish.get("loadbalancer_id", "")), call)
    states.within_quota(cloud, "listener", cloud.octavia.listeners.values(), balancer.project_id)
    it = Listener(
        balancer.project_id,
        loadbalancer_id=balancer.id,
        protocol=_protocol(wish),
        protocol_port=int(wish.get("protocol_port", 0)),
    )
    _alone(cloud, it)
    _valid(cloud, balancer, wish, call)
    states.mutable(balancer)
    states.amend(it, wish, _CHANGES)
    cloud.octavia.listeners[it.id] = it
    states.settle(cloud, balancer, it, "PENDING_CREATE")
    return _shown(cloud, it, 201)


def _protocol(wish: Json) -> str:
    protocol = str(wish.get("protocol", ""))
    if protocol not in _PROTOCOLS:
        raise RefusedError(
            400,
            f"Invalid input for field/attribute protocol. Value: '{protocol}'. Value should be one of: "
            f"{', '.join(_PROTOCOLS)}",
        )
    return protocol


def _alone(cloud: Cloud, it: Listener) -> None:
    datagrams = it.protocol in {"UDP", "SCTP"}
    for other in cloud.octavia.listeners_of(it.loadbalancer_id):
        if other.protocol_port == it.protocol_port and (other.protocol in {"UDP", "SCTP"}) == datagrams:
            raise RefusedError(
                409,
                f"Another Listener on this Load Balancer is already using protocol {it.protocol} and protocol_port "
                f"{it.protocol_port}",
            )


def _valid(cloud: Cloud, balancer: LoadBalancer, wish: Json, call: Call) -> None:
    vip = ipaddress.ip_address(balancer.vip_address)
    cidrs = wish.get("allowed_cidrs") or []
    if any(_version(cidr) is None for cidr in cidrs):
        raise RefusedError(
            400,
            f"Invalid input for field/attribute allowed_cidrs. Value: '{cidrs}'. Value should be IPv4 or IPv6 CIDR "
            "format",
        )
    for cidr in cidrs:
        if _version(cidr) != vip.version:
            reason = f"IP version incompatible with all VIPs ['{vip}'] IP version."
            raise RefusedError(400, f"Validation failure: CIDR {cidr} {reason}")
    if wish.get("default_pool_id"):
        states.found(cloud.octavia.pools, wish["default_pool_id"], call, "Pool")


def _version(cidr: str) -> int | None:
    try:
        return ipaddress.ip_network(cidr, strict=False).version
    except ValueError:
        return None


def update(cloud: Cloud, call: Call) -> Reply:
    it = _found(cloud, call)
    wish = call.resource("listener")
    balancer = states.balancer(cloud, it.loadbalancer_id, call)
    _valid(cloud, balancer, wish, call)
    states.mutable(balancer)
    states.amend(it, wish, _CHANGES)
    states.settle(cloud, balancer, it, "PENDING_UPDATE")
    return _shown(cloud, it)


def delete(cloud: Cloud, call: Call) -> Reply:
    it = _found(cloud, call)
    balancer = states.balancer(cloud, it.loadbalancer_id, call)
    states.mutable(balancer)

    def forget() -> None:
        cloud.octavia.listeners.pop(it.id, None)
        reach.unrelay(cloud, it.id)

    states.vanish(cloud, balancer, it, forget)
    return empty()


def statistics(cloud: Cloud, call: Call) -> Reply:
    _found(cloud, call)
    names = ("active_connections", "bytes_in", "bytes_out", "request_errors", "total_connections")
    return Reply({"stats": dict.fromkeys(names, 0)})
