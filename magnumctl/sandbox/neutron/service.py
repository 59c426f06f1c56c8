from __future__ import annotations

from magnumctl.sandbox.keystone.service import refusal as keystone_refusal
from magnumctl.sandbox.neutron import extensions, floating_ips, networks, ports, quotas, routers, security_groups, tags
from magnumctl.sandbox.router import Answer, Route, Service
from magnumctl.sandbox.wire import Call, RefusedError, Reply


def _crud(
    path: str, *, index: Answer, create: Answer, show: Answer, update: Answer, delete: Answer
) -> tuple[Route, ...]:
    return (
        Route("GET", path, index),
        Route("POST", path, create),
        Route("GET", path + "/{id}", show),
        Route("PUT", path + "/{id}", update),
        Route("DELETE", path + "/{id}", delete),
    )


_TAGS = "/v2.0/{collection}/{id}/tags"
ROUTES = (
    Route("GET", "/", extensions.versions, public=True),
    Route("GET", "/v2.0", extensions.v2, public=True),
    Route("GET", "/v2.0/extensions", extensions.index),
    Route("GET", "/v2.0/extensions/{alias}", extensions.show),
    *_crud(
        "/v2.0/networks",
        index=networks.list_networks,
        create=networks.create_network,
        show=networks.show_network,
        update=networks.update_network,
        delete=networks.delete_network,
    ),
    *_crud(
        "/v2.0/subnets",
        index=networks.list_subnets,
        create=networks.create_subnet,
        show=networks.show_subnet,
        update=networks.update_subnet,
        delete=networks.delete_subnet,
    ),
    *_crud(
        "/v2.0/ports",
        index=ports.list_ports,
        create=ports.create_port,
        show=ports.show_port,
        update=ports.update_port,
        delete=ports.delete_port,
    ),
    *_crud(
        "/v2.0/routers",
        index=routers.list_routers,
        create=routers.create_router,
        show=routers.show_router,
        update=routers.update_router,
        delete=routers.delete_router,
    ),
    Route("PUT", "/v2.0/routers/{id}/add_router_interface", routers.add_interface),
    Route("PUT", "/v2.0/routers/{id}/remove_router_interface", routers.remove_interface),
    *_crud(
        "/v2.0/security-groups",
        index=security_groups.list_groups,
        create=security_groups.create_group,
        show=security_groups.show_group,
        update=security_groups.update_group,
        delete=security_groups.delete_group,
    ),
    Route("GET", "/v2.0/security-group-rules", security_groups.list_rules),
    Route("POST", "/v2.0/security-group-rules", security_groups.create_rule),
    Route("GET", "/v2.0/security-group-rules/{id}", security_groups.show_rule),
    Route("DELETE", "/v2.0/security-group-rules/{id}", security_groups.delete_rule),
    *_crud(
        "/v2.0/floatingips",
        index=floating_ips.index,
        create=floating_ips.create,
        show=floating_ips.show,
        update=floating_ips.update,
        delete=floating_ips.delete,
    ),
    Route("GET", _TAGS, tags.show),
    Route("PUT", _TAGS, tags.replace),
    Route("DELETE", _TAGS, tags.clear),
    Route("GET", _TAGS + "/{tag}", tags.has),
    Route("PUT", _TAGS + "/{tag}", tags.add),
    Route("DELETE", _TAGS + "/{tag}", tags.drop),
    Route("GET", "/v2.0/quotas/{project}", quotas.show),
    Route("PUT", "/v2.0/quotas/{project}", quotas.update),
    Route("DELETE", "/v2.0/quotas/{project}", quotas.reset),
    Route("GET", "/v2.0/quotas/{project}/default", quotas.defaults),
    Route("GET", "/v2.0/quotas/{project}/details", quotas.details),
    Route("GET", "/v2.0/quotas/{project}/details.json", quotas.details),
    Route("GET", "/v2.0/availability_zones", extensions.zones),
    Route("GET", "/v2.0/network-ip-availabilities", extensions.ip_availabilities),
    Route("GET", "/v2.0/network-ip-availabilities/{id}", extensions.ip_availability),
    *(
        Route("GET", f"/v2.0/{empty}", extensions.nothing)
        for empty in (
            "subnetpools",
            "address-scopes",
            "agents",
            "trunks",
            "rbac-policies",
            "address-groups",
            "qos/policies",
            "segments",
        )
    ),
    *(
        Route("GET", f"/v2.0/{empty}/{{id}}", extensions.absent)
        for empty in (
            "subnetpools",
            "address-scopes",
            "agents",
            "trunks",
            "rbac-policies",
            "address-groups",
            "qos/policies",
            "segments",
        )
    ),
)


def refusal(refused: RefusedError) -> Reply:
    if refused.status == 401:  # noqa: PLR2004 - said by keystonemiddleware, in Keystone's shape
        return keystone_refusal(refused)
    error = {"type": refused.kind or "HTTPNotFound", "message": refused.message, "detail": ""}
    return Reply({"NeutronError": error}, refused.status)


_VERBS = {"POST": "create", "PUT": "update", "DELETE": "delete"}


def forbidden(call: Call) -> str:
    collection = call.path.removeprefix("/network/v2.0/").partition("/")[0]
    return f"rule:{_VERBS[call.method]}_{collection.removesuffix('s').replace('-', '_')} is disallowed by policy"


SERVICE = Service("network", "/network", ROUTES, refusal, forbidden)
