"""Projects, users, roles: seen by their own people, changed by the administrator."""

from __future__ import annotations

from magnumctl.sandbox.keystone import views
from magnumctl.sandbox.keystone.records import REGION, ROLES, Project, User
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty, subset

ROLE_CHANGE = "You are not authorized to perform the requested action: "


def only_admin(call: Call, action: str) -> None:
    if not call.caller.is_admin:
        raise RefusedError(403, f"{ROLE_CHANGE}identity:{action}.", "Forbidden")


def not_found(kind: str, identifier: str) -> RefusedError:
    return RefusedError(404, f"Could not find {kind}: {identifier}.", "Not Found")


def _named(rows: list[Json], call: Call) -> list[Json]:
    name = call.first("name")
    return [row for row in rows if not name or row["name"] == name]


def list_projects(cloud: Cloud, call: Call) -> Reply:
    only_admin(call, "list_projects")
    rows = [views.project_body(project, call) for project in cloud.keystone.projects.values()]
    return Reply(views.listing("projects", _named(rows, call), call))


def show_project(cloud: Cloud, call: Call) -> Reply:
    project = cloud.keystone.projects.get(call.part("id"))
    if not call.caller.owns(call.part("id")):
        raise RefusedError(403, f"{ROLE_CHANGE}identity:get_project.", "Forbidden")
    if project is None:
        raise not_found("project", call.part("id"))
    return Reply({"project": views.project_body(project, call)})


def create_project(cloud: Cloud, call: Call) -> Reply:
    only_admin(call, "create_project")
    wanted = call.resource("project")
    if cloud.keystone.project_named(wanted["name"]):
        raise RefusedError(
            409,
            f"Conflict occurred attempting to store project - it is not permitted to have two projects with the same "
            f"name in the same domain: {wanted['name']}.",
            "Conflict",
        )
    project = Project(**subset(wanted, ("name", "description", "enabled", "tags")))
    cloud.keystone.projects[project.id] = project
    return Reply({"project": views.project_body(project, call)}, 201)


def delete_project(cloud: Cloud, call: Call) -> Reply:
    only_admin(call, "delete_project")
    if cloud.keystone.projects.pop(call.part("id"), None) is None:
        raise not_found("project", call.part("id"))
    gone = [pair for pair in cloud.keystone.assignments if pair[1] == call.part("id")]
    for pair in gone:
        del cloud.keystone.assignments[pair]
    return empty()


def list_users(cloud: Cloud, call: Call) -> Reply:
    only_admin(call, "list_users")
    rows = [views.user_body(user, call) for user in cloud.keystone.users.values()]
    return Reply(views.listing("users", _named(rows, call), call))


def show_user(cloud: Cloud, call: Call) -> Reply:
    if call.part("id") != call.caller.user_id:
        only_admin(call, "get_user")
    user = cloud.keystone.users.get(call.part("id"))
    if user is None:
        raise not_found("user", call.part("id"))
    return Reply({"user": views.user_body(user, call)})


def create_user(cloud: Cloud, call: Call) -> Reply:
    only_admin(call, "create_user")
    wanted = call.resource("user")
    if cloud.keystone.user_named(wanted["name"]):
        raise RefusedError(
            409,
            f"Conflict occurred attempting to store user - Duplicate entry found with name {wanted['name']}.",
            "Conflict",
        )
    fields = subset(wanted, ("name", "password", "default_project_id", "description", "email", "enabled"))
    user = User(**{"password": "", **fields})
    cloud.keystone.users[user.id] = user
    return Reply({"user": views.user_body(user, call)}, 201)


def delete_user(cloud: Cloud, call: Call) -> Reply:
    only_admin(call, "delete_user")
    if cloud.keystone.users.pop(call.part("id"), None) is None:
        raise not_found("user", call.part("id"))
    return empty()


def projects_of_user(cloud: Cloud, call: Call) -> Reply:
    if call.part("id") != call.caller.user_id:
        only_admin(call, "list_user_projects")
    mine = [project for user, project in cloud.keystone.assignments if user == call.part("id")]
    rows = [views.project_body(cloud.keystone.projects[project], call) for project in mine]
    return Reply(views.listing("projects", rows, call))


def list_roles(cloud: Cloud, call: Call) -> Reply:
    rows = [views.role_body(cloud.keystone, name) for name in ROLES]
    return Reply(views.listing("roles", _named(rows, call), call))


def show_role(cloud: Cloud, call: Call) -> Reply:
    return Reply({"role": views.role_body(cloud.keystone, _role(cloud, call.part("id")))})


def _role(cloud: Cloud, role_id: str) -> str:
    for name, identifier in cloud.keystone.role_ids.items():
        if role_id == identifier:
            return name
    raise not_found("role", role_id)


def assign(cloud: Cloud, call: Call) -> Reply:
    only_admin(call, "create_grant")
    pair = (call.part("user"), call.part("project"))
    cloud.keystone.assignments.setdefault(pair, set()).add(_role(cloud, call.part("role")))
    return empty()


def unassign(cloud: Cloud, call: Call) -> Reply:
    only_admin(call, "revoke_grant")
    held = cloud.keystone.assignments.get((call.part("user"), call.part("project")), set())
    held.discard(_role(cloud, call.part("role")))
    return empty()


def role_assignments(cloud: Cloud, call: Call) -> Reply:
    only_admin(call, "list_role_assignments")
    rows = [
        {"role": {"id": cloud.keystone.role_ids[role]}, "user": {"id": user}, "scope": {"project": {"id": project}}}
        for (user, project), roles in cloud.keystone.assignments.items()
        for role in roles
    ]
    return Reply(views.listing("role_assignments", rows, call))


def list_domains(_cloud: Cloud, call: Call) -> Reply:
    row = {**views.DEFAULT_DOMAIN, "enabled": True, "description": "The default domain", "tags": [], "options": {}}
    return Reply(views.listing("domains", _named([row], call), call))


def show_domain(_cloud: Cloud, call: Call) -> Reply:
    if call.part("id") != views.DEFAULT_DOMAIN["id"]:
        raise not_found("domain", call.part("id"))
    return Reply({"domain": {**views.DEFAULT_DOMAIN, "enabled": True, "description": "", "tags": [], "options": {}}})


def list_regions(_cloud: Cloud, call: Call) -> Reply:
    return Reply(views.listing("regions", [{"id": REGION, "description": "", "parent_region_id": None}], call))


def list_services(_cloud: Cloud, call: Call) -> Reply:
    rows = [
        {"id": f"{entry['type']}-service", "type": entry["type"], "name": entry["name"], "enabled": True}
        for entry in views.catalog(call.root_url, call.caller.project_id)
    ]
    return Reply(views.listing("services", rows, call))


def list_endpoints(_cloud: Cloud, call: Call) -> Reply:
    rows = [
        {**endpoint, "service_id": entry["id"], "enabled": True}
        for entry in views.catalog(call.root_url, call.caller.project_id)
        for endpoint in entry["endpoints"]
    ]
    return Reply(views.listing("endpoints", rows, call))
