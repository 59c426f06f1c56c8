"""Server groups: where members may run in regard to each other."""

from __future__ import annotations

from magnumctl.sandbox.nova.records import ServerGroup
from magnumctl.sandbox.nova.refusals import bad, forbidden, missing
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, Reply, empty, page

_POLICIES = ("anti-affinity", "affinity", "soft-anti-affinity", "soft-affinity")


def _body(group: ServerGroup, call: Call) -> Json:
    body: Json = {"id": group.id, "name": group.name, "members": list(group.members)}
    if call.microversion >= (2, 64):
        rules = {"max_server_per_host": group.max_server_per_host} if group.max_server_per_host else {}
        body |= {"policy": group.policy, "rules": rules}
    else:
        body |= {"policies": [group.policy], "metadata": {}}
    if call.microversion >= (2, 13):
        body |= {"project_id": group.project_id, "user_id": group.user_id}
    return body


def found(cloud: Cloud, group_id: str, call: Call) -> ServerGroup:
    group = cloud.nova.groups.get(group_id)
    if group is None or not call.caller.owns(group.project_id):
        raise missing(f"Instance group {group_id} could not be found.")
    return group


def index(cloud: Cloud, call: Call) -> Reply:
    mine = [it for it in cloud.nova.groups.values() if call.everybody() or it.project_id == call.caller.project_id]
    return Reply({"server_groups": page([_body(it, call) for it in mine], call)})


def show(cloud: Cloud, call: Call) -> Reply:
    return Reply({"server_group": _body(found(cloud, call.part("id"), call), call)})


def create(cloud: Cloud, call: Call) -> Reply:
    wish = call.resource("server_group")
    policy = _policy(wish, call)
    project_id = call.caller.project_id
    if cloud.nova.used(project_id)["server_groups"] >= cloud.nova.quota(project_id)["server_groups"] >= 0:
        raise forbidden("Quota exceeded, too many server groups.")
    most = int((wish.get("rules") or {}).get("max_server_per_host", 0))
    group = ServerGroup(str(wish.get("name", "")), project_id, call.caller.user_id, policy, most)
    cloud.nova.groups[group.id] = group
    return Reply({"server_group": _body(group, call)})


def _policy(wish: Json, call: Call) -> str:
    asked = wish.get("policy") if call.microversion >= (2, 64) else (wish.get("policies") or [""])[0]
    if asked not in _POLICIES:
        raise bad(
            f"Invalid input for field/attribute policy. Value: {asked}. '{asked}' is not one of {list(_POLICIES)}"
        )
    if asked.startswith("soft-") and call.microversion < (2, 15):
        raise bad(f"Invalid input for field/attribute 0. Value: {asked}. '{asked}' is not one of {list(_POLICIES[:2])}")
    return str(asked)


def delete(cloud: Cloud, call: Call) -> Reply:
    group = found(cloud, call.part("id"), call)
    for server in cloud.nova.servers.values():
        if server.group_id == group.id:
            server.group_id = ""
    del cloud.nova.groups[group.id]
    return empty()
