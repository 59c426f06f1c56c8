from __future__ import annotations

from magnumctl.sandbox import reach
from magnumctl.sandbox.neutron import bodies, listing, networks, ports, routers
from magnumctl.sandbox.neutron.records import FixedIp, FloatingIp, Port, Router
from magnumctl.sandbox.neutron.refusals import bad_request, conflict, not_found
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty, subset

_KEYS = frozenset(
    {
        "floating_network_id",
        "floating_ip_address",
        "subnet_id",
        "port_id",
        "fixed_ip_address",
        "description",
        "dns_name",
        "dns_domain",
        "qos_policy_id",
    }
)


def _found(cloud: Cloud, call: Call) -> FloatingIp:
    floating = cloud.neutron.floatingips.get(call.part("id"))
    if floating is None or not call.caller.owns(floating.project_id):
        raise not_found("FloatingIP", call.part("id"))
    return floating


def index(cloud: Cloud, call: Call) -> Reply:
    mine = [it for it in cloud.neutron.floatingips.values() if call.caller.owns(it.project_id)]
    return listing.answer("floatingips", [bodies.floating_ip(cloud.neutron, it, call.caller) for it in mine], call)


def _shown(cloud: Cloud, floating: FloatingIp, call: Call) -> Reply:
    return listing.one("floatingip", bodies.floating_ip(cloud.neutron, floating, call.caller), call)


def show(cloud: Cloud, call: Call) -> Reply:
    return _shown(cloud, _found(cloud, call), call)


def create(cloud: Cloud, call: Call) -> Reply:
    made = [_made(cloud, call, wish) for wish in listing.wishes(call, "floatingip", "floatingips", _KEYS)]
    return listing.created(
        "floatingip", "floatingips", [bodies.floating_ip(cloud.neutron, it, call.caller) for it in made], call
    )


def _made(cloud: Cloud, call: Call, wish: Json) -> FloatingIp:
    network = networks.found(cloud, str(wish.get("floating_network_id", "")), call.caller)
    if not network.external:
        raise bad_request(
            f"Bad floatingip request: Network {network.id} is not a valid external network.", "BadRequest"
        )
    owner = listing.owner(call, wish)
    listing.within_quota(cloud, "floatingip", cloud.neutron.floatingips.values(), owner)
    floating = FloatingIp(
        owner, floating_network_id=network.id, **subset(wish, ("description", "dns_name", "dns_domain"))
    )
    target = _target(cloud, call, floating, wish) if wish.get("port_id") else None
    port = ports.make(cloud, network, ports.PortWish("", _asked(wish), (), floating.id, "network:floatingip"))
    floating.floating_ip_address, floating.floating_port_id = port.fixed_ips[0].ip_address, port.id
    port.status = "N/A"
    cloud.neutron.floatingips[floating.id] = floating
    if target:
        reach.moved(cloud, floating, target)
    return floating


def _asked(wish: Json) -> tuple[Json, ...] | None:
    term = {}
    if wish.get("floating_ip_address"):
        term["ip_address"] = wish["floating_ip_address"]
    if wish.get("subnet_id"):
        term["subnet_id"] = wish["subnet_id"]
    return (term,) if term else None


def update(cloud: Cloud, call: Call) -> Reply:
    floating = _found(cloud, call)
    wish = call.resource("floatingip")
    listing.check(wish, _KEYS)
    floating.description = wish.get("description", floating.description)
    if wish.get("port_id"):
        reach.moved(cloud, floating, _target(cloud, call, floating, wish))
    elif "port_id" in wish:
        reach.moved(cloud, floating, None)
    floating.touch()
    return _shown(cloud, floating, call)


def _target(cloud: Cloud, call: Call, floating: FloatingIp, wish: Json) -> reach.Target:
    port = ports.found(cloud, str(wish["port_id"]), call.caller)
    fixed = _fixed(port, wish.get("fixed_ip_address"))
    router = _router(cloud, floating, port, fixed)
    for other in cloud.neutron.floating_of(port.id):
        if other.id != floating.id and other.fixed_ip_address == fixed.ip_address:
            raise conflict(
                f"Cannot associate floating IP {other.floating_ip_address} ({other.id}) with port {port.id} using "
                f"fixed IP {fixed.ip_address}, as that fixed IP already has a floating IP on external network "
                f"{floating.floating_network_id}.",
                "FloatingIPPortAlreadyAssociated",
            )
    return reach.Target(port, fixed.ip_address, router.id)


def _fixed(port: Port, asked: str | None) -> FixedIp:
    for fixed in port.fixed_ips:
        if asked in {None, "", fixed.ip_address}:
            return fixed
    if asked:
        raise bad_request(f"Bad floatingip request: Port {port.id} does not have fixed ip {asked}.", "BadRequest")
    raise bad_request(
        f"Bad floatingip request: Cannot add floating IP to port {port.id} that has no fixed IPv4 addresses.",
        "BadRequest",
    )


def _router(cloud: Cloud, floating: FloatingIp, port: Port, fixed: FixedIp) -> Router:
    """The router that joins the port's subnet to the floating IP's network."""
    for router in cloud.neutron.routers.values():
        if router.gateway_network != floating.floating_network_id:
            continue
        if any(it.subnet_id == fixed.subnet_id for way in routers.interfaces(cloud, router.id) for it in way.fixed_ips):
            return router
    raise RefusedError(
        404,
        f"External network {floating.floating_network_id} is not reachable from subnet {fixed.subnet_id}.  "
        f"Therefore, cannot associate Port {port.id} with a Floating IP.",
        "ExternalGatewayForFloatingIPNotFound",
    )


def delete(cloud: Cloud, call: Call) -> Reply:
    floating = _found(cloud, call)
    reach.moved(cloud, floating, None)
    ports.remove(cloud, cloud.neutron.ports[floating.floating_port_id])
    del cloud.neutron.floatingips[floating.id]
    return empty()
