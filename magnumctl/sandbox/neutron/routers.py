from __future__ import annotations

from magnumctl.sandbox.neutron import bodies, ipam, listing, networks, ports
from magnumctl.sandbox.neutron.records import FixedIp, Port, Router
from magnumctl.sandbox.neutron.refusals import bad_request, conflict, invalid, not_found
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Caller, Json, RefusedError, Reply, empty

_INTERFACE = "network:router_interface"
_GATEWAY = "network:router_gateway"
_CHANGES = ("name", "description", "admin_state_up", "routes", "distributed", "ha")
_KEYS = frozenset({*_CHANGES, "external_gateway_info", "availability_zone_hints", "flavor_id", "enable_ndp_proxy"})


def found(cloud: Cloud, router_id: str, caller: Caller) -> Router:
    router = cloud.neutron.routers.get(router_id)
    if router is None or not caller.owns(router.project_id):
        raise not_found("Router", router_id)
    return router


def interfaces(cloud: Cloud, router_id: str) -> list[Port]:
    return [port for port in cloud.neutron.ports_of(router_id) if port.device_owner == _INTERFACE]


def list_routers(cloud: Cloud, call: Call) -> Reply:
    mine = [it for it in cloud.neutron.routers.values() if call.caller.owns(it.project_id)]
    return listing.answer("routers", [bodies.router(cloud.neutron, it, call.caller) for it in mine], call)


def _shown(cloud: Cloud, router: Router, call: Call) -> Reply:
    return listing.one("router", bodies.router(cloud.neutron, router, call.caller), call)


def show_router(cloud: Cloud, call: Call) -> Reply:
    return _shown(cloud, found(cloud, call.part("id"), call.caller), call)


def create_router(cloud: Cloud, call: Call) -> Reply:
    made = [_made(cloud, call, wish) for wish in listing.wishes(call, "router", "routers", _KEYS)]
    return listing.created("router", "routers", [bodies.router(cloud.neutron, it, call.caller) for it in made], call)


def _made(cloud: Cloud, call: Call, wish: Json) -> Router:
    owner = listing.owner(call, wish)
    listing.within_quota(cloud, "router", cloud.neutron.routers.values(), owner)
    router = Router(owner, availability_zone_hints=list(wish.get("availability_zone_hints") or []))
    _amend(router, call, wish)
    if wish.get("external_gateway_info"):
        _plug(cloud, router, wish["external_gateway_info"], call.caller)
    cloud.neutron.routers[router.id] = router
    return router


def _amend(router: Router, call: Call, wish: Json) -> None:
    for name in _CHANGES:
        if wish.get(name) is None:
            continue
        if name in {"distributed", "ha"} and not call.caller.is_admin:
            raise RefusedError(
                403,
                f"((rule:create_router and rule:create_router:{name})) is disallowed by policy",
                "PolicyNotAuthorized",
            )
        setattr(router, name, wish[name])


def _plug(cloud: Cloud, router: Router, gateway: Json, caller: Caller) -> None:
    network = networks.found(cloud, str(gateway.get("network_id", "")), caller)
    if not network.external:
        raise bad_request(f"Bad router request: Network {network.id} is not an external network.", "BadRequest")
    fixed = gateway.get("external_fixed_ips")
    wish = ports.PortWish("", tuple(fixed) if fixed else None, (), router.id, _GATEWAY)
    port = ports.make(cloud, network, wish)
    port.status = "ACTIVE"
    router.gateway_network, router.gateway_port = network.id, port.id
    router.enable_snat = gateway.get("enable_snat", True)


def _unplug(cloud: Cloud, router: Router) -> None:
    if not router.gateway_network:
        return
    if any(floating.router_id == router.id for floating in cloud.neutron.floatingips.values()):
        raise conflict(
            f"Gateway cannot be updated for router {router.id}, since a gateway to external network "
            f"{router.gateway_network} is required by one or more floating IPs.",
            "RouterExternalGatewayInUseByFloatingIp",
        )
    ports.remove(cloud, cloud.neutron.ports[router.gateway_port])
    router.gateway_network = router.gateway_port = ""


def update_router(cloud: Cloud, call: Call) -> Reply:
    router = found(cloud, call.part("id"), call.caller)
    wish = call.resource("router")
    listing.check(wish, _KEYS)
    _amend(router, call, wish)
    if "external_gateway_info" in wish:
        _regate(cloud, router, wish["external_gateway_info"] or {}, call.caller)
    router.touch()
    return _shown(cloud, router, call)


def _regate(cloud: Cloud, router: Router, gateway: Json, caller: Caller) -> None:
    if gateway.get("network_id") and gateway["network_id"] == router.gateway_network:
        router.enable_snat = gateway.get("enable_snat", router.enable_snat)
        return
    _unplug(cloud, router)
    if gateway.get("network_id"):
        _plug(cloud, router, gateway, caller)


def delete_router(cloud: Cloud, call: Call) -> Reply:
    router = found(cloud, call.part("id"), call.caller)
    if held := interfaces(cloud, router.id):
        names = ", ".join(port.id for port in held)
        raise conflict(f"Router {router.id} has ports still attached: {names}", "RouterInUse")
    _unplug(cloud, router)
    del cloud.neutron.routers[router.id]
    return empty()


def add_interface(cloud: Cloud, call: Call) -> Reply:
    router = found(cloud, call.part("id"), call.caller)
    wish = call.json()
    if bool(wish.get("port_id")) == bool(wish.get("subnet_id")):
        raise bad_request("Bad router request: Either subnet_id or port_id must be specified.", "BadRequest")
    port = (
        _given(cloud, router, wish["port_id"], call.caller)
        if wish.get("port_id")
        else _gateway_port(cloud, router, wish["subnet_id"], call.caller)
    )
    ports.bind(port, device_id=router.id, owner=_INTERFACE, host="node-1")
    port.security_groups, port.port_security_enabled = [], False
    return Reply(_interface(router, port))


def _given(cloud: Cloud, router: Router, port_id: str, caller: Caller) -> Port:
    port = ports.found(cloud, port_id, caller)
    if port.device_id:
        raise conflict(
            f"Unable to complete operation on port {port.id} for network {port.network_id}. Port already has an "
            f"attached device {port.device_id}.",
            "PortInUse",
        )
    if not port.fixed_ips:
        raise bad_request("Bad router request: Router port must have at least one fixed IP.", "BadRequest")
    for fixed in port.fixed_ips:
        _not_twice(cloud, router, fixed.subnet_id)
    return port


def _not_twice(cloud: Cloud, router: Router, subnet_id: str) -> None:
    fresh = ipam.parsed_cidr(cloud.neutron.subnets[subnet_id].cidr)
    for fixed in (fixed for port in interfaces(cloud, router.id) for fixed in port.fixed_ips):
        if fixed.subnet_id == subnet_id:
            raise bad_request(f"Bad router request: Router already has a port on subnet {subnet_id}.", "BadRequest")
        held = ipam.parsed_cidr(cloud.neutron.subnets[fixed.subnet_id].cidr)
        if held.version == fresh.version and held.overlaps(fresh):
            raise bad_request(
                f"Bad router request: Cidr {fresh} of subnet {subnet_id} overlaps with cidr {held} of subnet "
                f"{fixed.subnet_id}.",
                "BadRequest",
            )


def _gateway_port(cloud: Cloud, router: Router, subnet_id: str, caller: Caller) -> Port:
    subnet = networks.found_subnet(cloud, subnet_id, caller)
    if not subnet.gateway_ip:
        raise bad_request("Bad router request: Subnet for router interface must have a gateway IP.", "BadRequest")
    _not_twice(cloud, router, subnet.id)
    network = cloud.neutron.networks[subnet.network_id]
    term = {"subnet_id": subnet.id, "ip_address": subnet.gateway_ip}
    return ports.make(cloud, network, ports.PortWish(router.project_id, (term,), (), router.id, _INTERFACE))


def _interface(router: Router, port: Port) -> Json:
    subnet_ids = [fixed.subnet_id for fixed in port.fixed_ips]
    return {
        "id": router.id,
        "tenant_id": router.project_id,
        "port_id": port.id,
        "network_id": port.network_id,
        "subnet_id": subnet_ids[0],
        "subnet_ids": subnet_ids,
    }


def remove_interface(cloud: Cloud, call: Call) -> Reply:
    router = found(cloud, call.part("id"), call.caller)
    wish = call.json()
    port = _named(cloud, router, wish)
    for fixed in port.fixed_ips:
        _unneeded(cloud, router, fixed)
    body = _interface(router, port)
    ports.remove(cloud, port)
    return Reply(body)


def _named(cloud: Cloud, router: Router, wish: Json) -> Port:
    port_id, subnet_id = wish.get("port_id"), wish.get("subnet_id")
    if not port_id and not subnet_id:
        raise invalid("Either subnet_id or port_id must be specified")
    for port in interfaces(cloud, router.id):
        on = {fixed.subnet_id for fixed in port.fixed_ips}
        if (not port_id or port.id == port_id) and (not subnet_id or subnet_id in on):
            return port
    if port_id:
        raise RefusedError(
            404, f"Router {router.id} does not have an interface with id {port_id}", "RouterInterfaceNotFound"
        )
    raise RefusedError(
        404, f"Router {router.id} has no interface on subnet {subnet_id}", "RouterInterfaceNotFoundForSubnet"
    )


def _unneeded(cloud: Cloud, router: Router, fixed: FixedIp) -> None:
    for floating in cloud.neutron.floatingips.values():
        target = cloud.neutron.ports.get(floating.port_id or "")
        if (
            floating.router_id == router.id
            and target
            and any(it.subnet_id == fixed.subnet_id for it in target.fixed_ips)
        ):
            raise conflict(
                f"Router interface for subnet {fixed.subnet_id} on router {router.id} cannot be deleted, as it is "
                "required by one or more floating IPs.",
                "RouterInterfaceInUseByFloatingIP",
            )
