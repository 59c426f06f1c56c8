from __future__ import annotations

from magnumctl.sandbox.keystone import auth, credentials, people
from magnumctl.sandbox.router import Route, Service
from magnumctl.sandbox.wire import Call, RefusedError, Reply

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
}

_CREDENTIALS = "/v3/users/{user}/application_credentials"
_GRANT = "/v3/projects/{project}/users/{user}/roles/{role}"
ROUTES = (
    Route("GET", "/", auth.versions, public=True),
    Route("GET", "/v3", auth.v3, public=True),
    Route("POST", "/v3/auth/tokens", auth.create, public=True),
    Route("GET", "/v3/auth/tokens", auth.validate),
    Route("DELETE", "/v3/auth/tokens", auth.revoke, readable=True),
    Route("GET", "/v3/auth/catalog", auth.my_catalog),
    Route("GET", "/v3/auth/projects", auth.my_projects),
    Route("GET", "/v3/auth/domains", auth.nothing),
    Route("GET", "/v3/projects", people.list_projects),
    Route("POST", "/v3/projects", people.create_project),
    Route("GET", "/v3/projects/{id}", people.show_project),
    Route("DELETE", "/v3/projects/{id}", people.delete_project),
    Route("GET", "/v3/users", people.list_users),
    Route("POST", "/v3/users", people.create_user),
    Route("GET", "/v3/users/{id}", people.show_user),
    Route("DELETE", "/v3/users/{id}", people.delete_user),
    Route("GET", "/v3/users/{id}/projects", people.projects_of_user),
    Route("GET", _CREDENTIALS, credentials.index),
    Route("POST", _CREDENTIALS, credentials.create, readable=True),
    Route("GET", _CREDENTIALS + "/{id}", credentials.show),
    Route("DELETE", _CREDENTIALS + "/{id}", credentials.delete, readable=True),
    Route("GET", "/v3/roles", people.list_roles),
    Route("GET", "/v3/roles/{id}", people.show_role),
    Route("PUT", _GRANT, people.assign),
    Route("DELETE", _GRANT, people.unassign),
    Route("GET", "/v3/role_assignments", people.role_assignments),
    Route("GET", "/v3/domains", people.list_domains),
    Route("GET", "/v3/domains/{id}", people.show_domain),
    Route("GET", "/v3/regions", people.list_regions),
    Route("GET", "/v3/services", people.list_services),
    Route("GET", "/v3/endpoints", people.list_endpoints),
)


def refusal(refused: RefusedError) -> Reply:
    title = TITLES.get(refused.status, "Internal Server Error")
    headers = {"WWW-Authenticate": 'Keystone uri="/identity/v3"'} if refused.status == 401 else {}  # noqa: PLR2004
    return Reply(
        {"error": {"code": refused.status, "title": title, "message": refused.message}}, refused.status, headers
    )


def forbidden(_call: Call) -> str:
    return "You are not authorized to perform the requested action."


SERVICE = Service("identity", "/identity", ROUTES, refusal, forbidden)
