"""Application credentials: made by a user for the project of the token at hand, with no more roles than it has."""

from __future__ import annotations

import secrets

from magnumctl.sandbox.keystone import views
from magnumctl.sandbox.keystone.people import ROLE_CHANGE, not_found
from magnumctl.sandbox.keystone.records import ApplicationCredential
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty


def _own(call: Call, action: str) -> None:
    if call.part("user") != call.caller.user_id and not call.caller.is_admin:
        raise RefusedError(403, f"{ROLE_CHANGE}identity:{action}.", "Forbidden")


def _not_by_a_restricted_one(cloud: Cloud, call: Call, action: str) -> None:
    token = cloud.keystone.tokens[call.headers["X-Auth-Token"]]
    used = cloud.keystone.application_credentials.get(token.application_credential_id)
    if used is not None and not used.unrestricted:
        raise RefusedError(403, f"{ROLE_CHANGE}identity:{action}.", "Forbidden")


def create(cloud: Cloud, call: Call) -> Reply:
    _own(call, "create_application_credential")
    _not_by_a_restricted_one(cloud, call, "create_application_credential")
    wanted = call.resource("application_credential")
    _unique(cloud, call, wanted["name"])
    credential = ApplicationCredential(
        name=wanted["name"],
        secret=wanted.get("secret") or secrets.token_urlsafe(48),
        user_id=call.part("user"),
        project_id=call.caller.project_id,
        roles=_roles(cloud, call, wanted),
        description=wanted.get("description"),
        expires_at=wanted.get("expires_at"),
        unrestricted=bool(wanted.get("unrestricted", False)),
    )
    cloud.keystone.application_credentials[credential.id] = credential
    body = views.credential_body(cloud.keystone, credential, call)
    return Reply({"application_credential": {**body, "secret": credential.secret}}, 201)


def _unique(cloud: Cloud, call: Call, name: str) -> None:
    taken = (item.name for item in cloud.keystone.application_credentials.values() if item.user_id == call.part("user"))
    if name in taken:
        raise RefusedError(
            409,
            f"Conflict occurred attempting to store application_credential - Duplicate entry found with name {name}.",
            "Conflict",
        )


def _roles(cloud: Cloud, call: Call, wanted: Json) -> tuple[str, ...]:
    held = tuple(sorted(call.caller.roles))
    if not wanted.get("roles"):
        return held
    names = {identifier: name for name, identifier in cloud.keystone.role_ids.items()}
    asked = tuple(role.get("name") or names.get(role.get("id", ""), "") for role in wanted["roles"])
    if missing := [role for role in asked if role not in held]:
        raise RefusedError(
            400,
            f"Invalid application credential: Could not find role assignment with role: {missing[0]}.",
            "Bad Request",
        )
    return asked


def index(cloud: Cloud, call: Call) -> Reply:
    _own(call, "list_application_credentials")
    rows = [
        views.credential_body(cloud.keystone, item, call)
        for item in cloud.keystone.application_credentials.values()
        if item.user_id == call.part("user") and call.first("name", item.name) == item.name
    ]
    return Reply(views.listing("application_credentials", rows, call))


def _found(cloud: Cloud, call: Call) -> ApplicationCredential:
    credential = cloud.keystone.application_credentials.get(call.part("id"))
    if credential is None or credential.user_id != call.part("user"):
        raise not_found("Application Credential", call.part("id"))
    return credential


def show(cloud: Cloud, call: Call) -> Reply:
    _own(call, "get_application_credential")
    return Reply({"application_credential": views.credential_body(cloud.keystone, _found(cloud, call), call)})


def delete(cloud: Cloud, call: Call) -> Reply:
    _own(call, "delete_application_credential")
    _not_by_a_restricted_one(cloud, call, "delete_application_credential")
    del cloud.keystone.application_credentials[_found(cloud, call).id]
    return empty()
