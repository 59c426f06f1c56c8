from __future__ import annotations

from magnumctl.sandbox import reach
from magnumctl.sandbox.neutron import networks, ports
from magnumctl.sandbox.neutron.records import Network, Subnet
from magnumctl.sandbox.octavia import bodies, states
from magnumctl.sandbox.octavia.records import LoadBalancer
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty, now


def index(cloud: Cloud, call: Call) -> Reply:
    return states.listed(
        "loadbalancers", cloud.octavia.loadbalancers.values(), call, lambda it: bodies.load_balancer(cloud.octavia, it)
    )


def _shown(cloud: Cloud, it: LoadBalancer, status: int = 200) -> Reply:
    return Reply({"loadbalancer": bodies.load_balancer(cloud.octavia, it)}, status)


def show(cloud: Cloud, call: Call) -> Reply:
    return _shown(cloud, states.balancer(cloud, call.part("id"), call))


def create(cloud: Cloud, call: Call) -> Reply:
    wish = call.resource("loadbalancer")
    states.within_quota(cloud, "load_balancer", cloud.octavia.loadbalancers.values(), call.caller.project_id)
    it = LoadBalancer(call.caller.project_id, provider=_provider(wish))
    states.amend(it, wish, ("flavor_id", "availability_zone", "vip_qos_policy_id"))
    _plug(cloud, it, wish, call)
    cloud.octavia.loadbalancers[it.id] = it
    cloud.later(cloud.pace.build, lambda: _built(it))
    return _shown(cloud, it, 201)


def _provider(wish: Json) -> str:
    provider = wish.get("provider") or "amphora"
    if provider not in {"amphora", "octavia"}:
        raise RefusedError(400, f"Provider '{provider}' is not enabled.")
    return str(provider)


def _built(it: LoadBalancer) -> None:
    if it.provisioning_status == "PENDING_CREATE":
        it.provisioning_status, it.operating_status, it.updated_at = "ACTIVE", "ONLINE", now()


def _plug(cloud: Cloud, it: LoadBalancer, wish: Json, call: Call) -> None:
    """The VIP is a port: given, or made on the given subnet or network."""
    it.vip_port_lent = bool(wish.get("vip_port_id"))
    if it.vip_port_lent:
        port = ports.found(cloud, wish["vip_port_id"], call.caller)
    else:
        port = ports.make(cloud, _network(cloud, wish, call), _vip_wish(it, wish))
    if not port.fixed_ips:
        raise RefusedError(400, f"Validation failure: VIP port {port.id} has no fixed IP")
    port.device_id, port.device_owner = f"lb-{it.id}", "Octavia"
    it.vip_port_id, it.vip_network_id = port.id, port.network_id
    it.vip_subnet_id, it.vip_address = port.fixed_ips[0].subnet_id, port.fixed_ips[0].ip_address


def _network(cloud: Cloud, wish: Json, call: Call) -> Network:
    if wish.get("vip_subnet_id"):
        return cloud.neutron.networks[_subnet(cloud, wish["vip_subnet_id"], call).network_id]
    if wish.get("vip_network_id"):
        return networks.found(cloud, wish["vip_network_id"], call.caller)
    raise RefusedError(400, "Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.")


def _subnet(cloud: Cloud, subnet_id: str, call: Call) -> Subnet:
    try:
        return networks.found_subnet(cloud, subnet_id, call.caller)
    except RefusedError as exc:
        raise RefusedError(400, f"Subnet {subnet_id} not found.") from exc


def _vip_wish(it: LoadBalancer, wish: Json) -> ports.PortWish:
    term = {}
    if wish.get("vip_subnet_id"):
        term["subnet_id"] = wish["vip_subnet_id"]
    if wish.get("vip_address"):
        term["ip_address"] = wish["vip_address"]
    return ports.PortWish(it.project_id, (term,) if term else None, (), f"lb-{it.id}", "Octavia", f"octavia-lb-{it.id}")


def update(cloud: Cloud, call: Call) -> Reply:
    it = states.balancer(cloud, call.part("id"), call)
    states.changeable(it)
    states.amend(it, call.resource("loadbalancer"), ("vip_qos_policy_id",))
    states.settle(cloud, it, it, "PENDING_UPDATE")
    return _shown(cloud, it)


def delete(cloud: Cloud, call: Call) -> Reply:
    it = states.balancer(cloud, call.part("id"), call)
    states.changeable(it)
    below = [*cloud.octavia.listeners_of(it.id), *cloud.octavia.pools_of(it.id)]
    if below and call.first("cascade").lower() != "true":
        raise RefusedError(400, f"Validation failure: Cannot delete Load Balancer {it.id} - it has children")
    it.provisioning_status = "PENDING_DELETE"
    cloud.later(cloud.pace.step, lambda: _gone(cloud, it))
    return empty()


def _gone(cloud: Cloud, it: LoadBalancer) -> None:
    records = cloud.octavia
    for listener in records.listeners_of(it.id):
        reach.unrelay(cloud, listener.id)
        del records.listeners[listener.id]
    for pool in records.pools_of(it.id):
        forget_pool(cloud, pool.id)
    _unplug(cloud, it)
    records.loadbalancers.pop(it.id, None)


def _unplug(cloud: Cloud, it: LoadBalancer) -> None:
    port = cloud.neutron.ports.get(it.vip_port_id)
    if port is None:
        return
    if it.vip_port_lent:
        ports.unbind(cloud, port)
    else:
        ports.remove(cloud, port)


def forget_pool(cloud: Cloud, pool_id: str) -> None:
    records = cloud.octavia
    for member in records.members_of(pool_id):
        del records.members[member.id]
    if monitor := records.monitor_of(pool_id):
        del records.healthmonitors[monitor.id]
    for listener in records.listeners_to(pool_id):
        listener.default_pool_id = None
    del records.pools[pool_id]


def tree(cloud: Cloud, call: Call) -> Reply:
    """GET .../loadbalancers/{id}/status: the states of all that hangs below."""
    it = states.balancer(cloud, call.part("id"), call)
    listeners = []
    for listener in cloud.octavia.listeners_of(it.id):
        pools = [_pool(cloud, pool_id) for pool_id in (listener.default_pool_id,) if pool_id]
        listeners.append(
            _states(listener.id, listener.name, listener.provisioning_status, listener.operating_status)
            | {"pools": pools}
        )
    body = _states(it.id, it.name, it.provisioning_status, it.operating_status) | {"listeners": listeners}
    return Reply({"statuses": {"loadbalancer": body}})


def _states(identifier: str, name: str, provisioning: str, operating: str) -> Json:
    return {"id": identifier, "name": name, "provisioning_status": provisioning, "operating_status": operating}


def _pool(cloud: Cloud, pool_id: str) -> Json:
    pool = cloud.octavia.pools[pool_id]
    members = [
        _states(it.id, it.name, it.provisioning_status, it.operating_status)
        | {"address": it.address, "protocol_port": it.protocol_port}
        for it in cloud.octavia.members_of(pool_id)
    ]
    monitor = cloud.octavia.monitor_of(pool_id)
    return _states(pool.id, pool.name, pool.provisioning_status, pool.operating_status) | {
        "members": members,
        "health_monitor": _states(monitor.id, monitor.name, monitor.provisioning_status, monitor.operating_status)
        | {"type": monitor.type}
        if monitor
        else {},
    }


def statistics(cloud: Cloud, call: Call) -> Reply:
    states.balancer(cloud, call.part("id"), call)
    names = ("active_connections", "bytes_in", "bytes_out", "request_errors", "total_connections")
    return Reply({"stats": dict.fromkeys(names, 0)})
