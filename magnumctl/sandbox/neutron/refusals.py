"""Neutron's own words."""

from __future__ import annotations

from magnumctl.sandbox.wire import RefusedError

_NAMES = {
    "Network": "Network {id} could not be found.",
    "Subnet": "Subnet {id} could not be found.",
    "Port": "Port {id} could not be found.",
    "Router": "Router {id} could not be found",
    "SecurityGroup": "Security group {id} does not exist",
    "SecurityGroupRule": "Security group rule {id} does not exist",
    "FloatingIP": "Floating IP {id} could not be found",
}


def not_found(kind: str, identifier: str) -> RefusedError:
    return RefusedError(404, _NAMES[kind].format(id=identifier), f"{kind}NotFound")


def over_quota(resource: str) -> RefusedError:
    return RefusedError(409, f"Quota exceeded for resources: ['{resource}'].", "OverQuota")


def bad_request(message: str, kind: str = "HTTPBadRequest") -> RefusedError:
    return RefusedError(400, message, kind)


def invalid(message: str, kind: str = "InvalidInput") -> RefusedError:
    return RefusedError(400, f"Invalid input for operation: {message}.", kind)


def conflict(message: str, kind: str) -> RefusedError:
    return RefusedError(409, message, kind)


def not_allowed(project_id: str, thing: str) -> RefusedError:
    return RefusedError(403, f"Tenant {project_id} not allowed to create {thing} on this network", "HTTPForbidden")
