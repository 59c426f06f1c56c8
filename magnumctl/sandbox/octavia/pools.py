from __future__ import annotations

import ipaddress

from magnumctl.sandbox.neutron import networks
from magnumctl.sandbox.octavia import bodies, states
from magnumctl.sandbox.octavia.load_balancers import forget_pool
from magnumctl.sandbox.octavia.records import HealthMonitor, LoadBalancer, Member, Pool
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty

_MEMBER_CHANGES = ("weight", "backup", "monitor_address", "monitor_port")
_MONITOR_CHANGES = ("delay", "timeout", "max_retries", "max_retries_down", "http_method", "url_path", "expected_codes")


def _found(cloud: Cloud, call: Call, part: str = "id") -> Pool:
    return states.found(cloud.octavia.pools, call.part(part), call, "Pool")


def _above(cloud: Cloud, pool: Pool, call: Call) -> LoadBalancer:
    """The pool's load balancer, if it can be changed now."""
    balancer = states.balancer(cloud, pool.loadbalancer_id, call)
    states.mutable(balancer)
    return balancer


def index(cloud: Cloud, call: Call) -> Reply:
    wanted = call.first("loadbalancer_id")
    some = [it for it in cloud.octavia.pools.values() if not wanted or it.loadbalancer_id == wanted]
    return states.listed("pools", some, call, lambda it: bodies.pool(cloud.octavia, it))


def show(cloud: Cloud, call: Call) -> Reply:
    return Reply({"pool": bodies.pool(cloud.octavia, _found(cloud, call))})


def create(cloud: Cloud, call: Call) -> Reply:
    wish = call.resource("pool")
    listener = (
        states.found(cloud.octavia.listeners, wish["listener_id"], call, "Listener")
        if wish.get("listener_id")
        else None
    )
    balancer_id = listener.loadbalancer_id if listener else wish.get("loadbalancer_id")
    if not balancer_id:
        raise RefusedError(400, "Validation failure: Must provide at least one of: loadbalancer_id, listener_id")
    balancer = states.balancer(cloud, balancer_id, call)
    states.within_quota(cloud, "pool", cloud.octavia.pools.values(), balancer.project_id)
    if listener and listener.default_pool_id:
        raise RefusedError(409, "This listener already has a default pool")
    states.mutable(balancer)
    it = Pool(balancer.project_id, loadbalancer_id=balancer.id, protocol=str(wish.get("protocol", "TCP")))
    states.amend(it, wish, ("lb_algorithm", "session_persistence"))
    cloud.octavia.pools[it.id] = it
    if listener:
        listener.default_pool_id = it.id
    states.settle(cloud, balancer, it, "PENDING_CREATE")
    return Reply({"pool": bodies.pool(cloud.octavia, it)}, 201)


def update(cloud: Cloud, call: Call) -> Reply:
    it = _found(cloud, call)
    balancer = _above(cloud, it, call)
    states.amend(it, call.resource("pool"), ("lb_algorithm", "session_persistence"))
    states.settle(cloud, balancer, it, "PENDING_UPDATE")
    return Reply({"pool": bodies.pool(cloud.octavia, it)})


def delete(cloud: Cloud, call: Call) -> Reply:
    it = _found(cloud, call)
    balancer = _above(cloud, it, call)
    states.vanish(cloud, balancer, it, lambda: forget_pool(cloud, it.id))
    return empty()


def list_members(cloud: Cloud, call: Call) -> Reply:
    pool = _found(cloud, call, "pool")
    return states.listed(
        "members", cloud.octavia.members_of(pool.id), call, lambda it: bodies.member(cloud.octavia, it)
    )


def _member(cloud: Cloud, call: Call) -> Member:
    _found(cloud, call, "pool")
    return states.found(cloud.octavia.members, call.part("id"), call, "Member")


def show_member(cloud: Cloud, call: Call) -> Reply:
    return Reply({"member": bodies.member(cloud.octavia, _member(cloud, call))})


def create_member(cloud: Cloud, call: Call) -> Reply:
    pool = _found(cloud, call, "pool")
    wish = call.resource("member")
    states.within_quota(cloud, "member", cloud.octavia.members.values(), pool.project_id)
    it = _member_of(cloud, pool, wish, call)
    for other in cloud.octavia.members_of(pool.id):
        if (other.address, other.protocol_port) == (it.address, it.protocol_port):
            raise RefusedError(
                409, f"Another member on this pool is already using ip {it.address} on protocol_port {it.protocol_port}"
            )
    balancer = _above(cloud, pool, call)
    cloud.octavia.members[it.id] = it
    states.settle(cloud, balancer, it, "PENDING_CREATE")
    return Reply({"member": bodies.member(cloud.octavia, it)}, 201)


def _member_of(cloud: Cloud, pool: Pool, wish: Json, call: Call) -> Member:
    try:
        address = str(ipaddress.ip_address(wish.get("address", "")))
    except ValueError as exc:
        raise RefusedError(
            400,
            f"Invalid input for field/attribute address. Value: '{wish.get('address')}'. Value should be IPv4 or "
            "IPv6 format",
        ) from exc
    if wish.get("subnet_id"):
        networks.found_subnet(cloud, wish["subnet_id"], call.caller)
    it = Member(pool.project_id, pool_id=pool.id, address=address, protocol_port=int(wish.get("protocol_port", 0)))
    states.amend(it, wish, (*_MEMBER_CHANGES, "subnet_id"))
    return it


def update_member(cloud: Cloud, call: Call) -> Reply:
    it = _member(cloud, call)
    balancer = _above(cloud, cloud.octavia.pools[it.pool_id], call)
    states.amend(it, call.resource("member"), _MEMBER_CHANGES)
    states.settle(cloud, balancer, it, "PENDING_UPDATE")
    return Reply({"member": bodies.member(cloud.octavia, it)})


def delete_member(cloud: Cloud, call: Call) -> Reply:
    it = _member(cloud, call)
    balancer = _above(cloud, cloud.octavia.pools[it.pool_id], call)
    states.vanish(cloud, balancer, it, lambda: _forget_member(cloud, it.id))
    return empty()


def _forget_member(cloud: Cloud, member_id: str) -> None:
    cloud.octavia.members.pop(member_id, None)


def replace_members(cloud: Cloud, call: Call) -> Reply:
    """PUT .../members: the whole set at once; `additive_only` leaves the others."""
    pool = _found(cloud, call, "pool")
    balancer = _above(cloud, pool, call)
    wanted = [_member_of(cloud, pool, wish, call) for wish in call.json().get("members", [])]
    held = {(it.address, it.protocol_port): it for it in cloud.octavia.members_of(pool.id)}
    if call.first("additive_only").lower() != "true":
        kept = {(it.address, it.protocol_port) for it in wanted}
        for place in held.keys() - kept:
            _forget_member(cloud, held[place].id)
    for it in wanted:
        it.id = held[it.address, it.protocol_port].id if (it.address, it.protocol_port) in held else it.id
        it.provisioning_status = "ACTIVE"
        cloud.octavia.members[it.id] = it
    states.settle(cloud, balancer, pool, "PENDING_UPDATE")
    return empty(202)


def list_monitors(cloud: Cloud, call: Call) -> Reply:
    wanted = call.first("pool_id")
    some = [it for it in cloud.octavia.healthmonitors.values() if not wanted or it.pool_id == wanted]
    return states.listed("healthmonitors", some, call, lambda it: bodies.health_monitor(cloud.octavia, it))


def _monitor(cloud: Cloud, call: Call) -> HealthMonitor:
    return states.found(cloud.octavia.healthmonitors, call.part("id"), call, "Health Monitor")


def show_monitor(cloud: Cloud, call: Call) -> Reply:
    return Reply({"healthmonitor": bodies.health_monitor(cloud.octavia, _monitor(cloud, call))})


def create_monitor(cloud: Cloud, call: Call) -> Reply:
    wish = call.resource("healthmonitor")
    pool = states.found(cloud.octavia.pools, str(wish.get("pool_id", "")), call, "Pool")
    states.within_quota(cloud, "health_monitor", cloud.octavia.healthmonitors.values(), pool.project_id)
    if cloud.octavia.monitor_of(pool.id):
        raise RefusedError(409, "This pool already has a health monitor")
    balancer = _above(cloud, pool, call)
    it = HealthMonitor(pool.project_id, pool_id=pool.id, type=str(wish.get("type", "TCP")))
    if it.type in {"HTTP", "HTTPS"}:
        it.http_method, it.url_path, it.expected_codes = "GET", "/", "200"
    states.amend(it, wish, _MONITOR_CHANGES)
    cloud.octavia.healthmonitors[it.id] = it
    states.settle(cloud, balancer, it, "PENDING_CREATE")
    return Reply({"healthmonitor": bodies.health_monitor(cloud.octavia, it)}, 201)


def update_monitor(cloud: Cloud, call: Call) -> Reply:
    it = _monitor(cloud, call)
    balancer = _above(cloud, cloud.octavia.pools[it.pool_id], call)
    states.amend(it, call.resource("healthmonitor"), _MONITOR_CHANGES)
    states.settle(cloud, balancer, it, "PENDING_UPDATE")
    return Reply({"healthmonitor": bodies.health_monitor(cloud.octavia, it)})


def delete_monitor(cloud: Cloud, call: Call) -> Reply:
    it = _monitor(cloud, call)
    balancer = _above(cloud, cloud.octavia.pools[it.pool_id], call)
    states.vanish(cloud, balancer, it, lambda: _forget_monitor(cloud, it.id))
    return empty()


def _forget_monitor(cloud: Cloud, monitor_id: str) -> None:
    cloud.octavia.healthmonitors.pop(monitor_id, None)
