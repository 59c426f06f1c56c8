from __future__ import annotations

from magnumctl.sandbox.keystone.service import refusal as keystone_refusal
from magnumctl.sandbox.octavia import listeners, load_balancers, pools, quotas
from magnumctl.sandbox.router import Route, Service
from magnumctl.sandbox.wire import Call, RefusedError, Reply

_LBAAS = (
    Route("GET", "/loadbalancers", load_balancers.index),
    Route("POST", "/loadbalancers", load_balancers.create),
    Route("GET", "/loadbalancers/{id}", load_balancers.show),
    Route("PUT", "/loadbalancers/{id}", load_balancers.update),
    Route("DELETE", "/loadbalancers/{id}", load_balancers.delete),
    Route("GET", "/loadbalancers/{id}/status", load_balancers.tree),
    Route("GET", "/loadbalancers/{id}/statuses", load_balancers.tree),
    Route("GET", "/loadbalancers/{id}/stats", load_balancers.statistics),
    Route("GET", "/listeners", listeners.index),
    Route("POST", "/listeners", listeners.create),
    Route("GET", "/listeners/{id}", listeners.show),
    Route("PUT", "/listeners/{id}", listeners.update),
    Route("DELETE", "/listeners/{id}", listeners.delete),
    Route("GET", "/listeners/{id}/stats", listeners.statistics),
    Route("GET", "/pools", pools.index),
    Route("POST", "/pools", pools.create),
    Route("GET", "/pools/{id}", pools.show),
    Route("PUT", "/pools/{id}", pools.update),
    Route("DELETE", "/pools/{id}", pools.delete),
    Route("GET", "/pools/{pool}/members", pools.list_members),
    Route("POST", "/pools/{pool}/members", pools.create_member),
    Route("PUT", "/pools/{pool}/members", pools.replace_members),
    Route("GET", "/pools/{pool}/members/{id}", pools.show_member),
    Route("PUT", "/pools/{pool}/members/{id}", pools.update_member),
    Route("DELETE", "/pools/{pool}/members/{id}", pools.delete_member),
    Route("GET", "/healthmonitors", pools.list_monitors),
    Route("POST", "/healthmonitors", pools.create_monitor),
    Route("GET", "/healthmonitors/{id}", pools.show_monitor),
    Route("PUT", "/healthmonitors/{id}", pools.update_monitor),
    Route("DELETE", "/healthmonitors/{id}", pools.delete_monitor),
    Route("GET", "/quotas/defaults", quotas.defaults),
    Route("GET", "/quotas/{project}/default", quotas.defaults),
    Route("GET", "/quotas/{project}", quotas.show),
    Route("PUT", "/quotas/{project}", quotas.update),
    Route("DELETE", "/quotas/{project}", quotas.reset),
    Route("GET", "/providers", quotas.providers),
    Route("GET", "/flavors", quotas.nothing),
    Route("GET", "/flavorprofiles", quotas.nothing),
    Route("GET", "/availabilityzones", quotas.nothing),
    Route("GET", "/l7policies", quotas.nothing),
)
ROUTES = (
    Route("GET", "/", quotas.versions, public=True),
    Route("GET", "/v2", quotas.versions, public=True),
    Route("GET", "/v2.0", quotas.versions, public=True),
    *(
        Route(route.method, f"/{version}/lbaas{route.pattern}", route.answer)
        for version in ("v2.0", "v2")
        for route in _LBAAS
    ),
)


def refusal(refused: RefusedError) -> Reply:
    if refused.status == 401:  # noqa: PLR2004 - said by keystonemiddleware, in Keystone's shape
        return keystone_refusal(refused)
    return Reply({"faultcode": "Client", "faultstring": refused.message, "debuginfo": None}, refused.status)


def forbidden(_call: Call) -> str:
    return "Policy does not allow this request to be performed."


SERVICE = Service("load-balancer", "/load-balancer", ROUTES, refusal, forbidden)
