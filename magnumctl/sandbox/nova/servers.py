from __future__ import annotations

import re
import secrets

from magnumctl.sandbox.nova import bodies, building
from magnumctl.sandbox.nova.quotas import within_quota
from magnumctl.sandbox.nova.records import Deed, Server
from magnumctl.sandbox.nova.refusals import bad, conflict, missing
from magnumctl.sandbox.nova.wishes import ServerWish, checked
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, Reply, empty, now, page


def found(cloud: Cloud, call: Call) -> Server:
    server = cloud.nova.servers.get(call.part("id"))
    if server is None or not call.caller.owns(server.project_id):
        raise missing(f"Instance {call.part('id')} could not be found.")
    return server


def create(cloud: Cloud, call: Call) -> Reply:
    document = call.resource("server")
    wish = checked(cloud, call, document)
    least = int(document.get("min_count") or 1)
    most = int(document.get("max_count") or least)
    within_quota(cloud, call.caller.project_id, wish.flavor, most)
    names = [document["name"]] if most == 1 else [f"{document['name']}-{place + 1}" for place in range(most)]
    made = [_made(cloud, call, document, wish, name) for name in names]
    return Reply(
        {"server": _answer(made[0], document, call)},
        202,
        {"Location": bodies.links(call, "servers", made[0].id)[0]["href"]},
    )


def _answer(server: Server, document: Json, call: Call) -> Json:
    groups = document.get("security_groups") or [{"name": "default"}]
    return {
        "id": server.id,
        "links": bodies.links(call, "servers", server.id),
        "OS-DCF:diskConfig": document.get("OS-DCF:diskConfig", "MANUAL"),
        "security_groups": [{"name": group.get("name")} for group in groups],
        "adminPass": server.admin_pass,
    }


def _made(cloud: Cloud, call: Call, document: Json, wish: ServerWish, name: str) -> Server:
    server = Server(
        name=name,
        project_id=call.caller.project_id,
        user_id=call.caller.user_id,
        flavor=wish.flavor,
        image_id=wish.image.id if wish.image and not any(disk.boot for disk in wish.disks) else "",
        image_name=wish.image_name,
        key_name=document.get("key_name") or None,
        user_data=wish.user_data,
        metadata=dict(document.get("metadata") or {}),
        tags=_tags(document, call),
        zone=wish.zone,
        config_drive=str(document.get("config_drive", "")).lower() == "true",
        description=document.get("description"),
        group_id=wish.group_id,
        admin_pass=document.get("adminPass") or secrets.token_urlsafe(9),
        deeds=[Deed("create", call.caller.user_id)],
    )
    cloud.nova.servers[server.id] = server
    if server.group_id:
        cloud.nova.groups[server.group_id].members.append(server.id)
    building.begin(cloud, server, wish)
    return server


def _tags(document: Json, call: Call) -> list[str]:
    tags = document.get("tags")
    if tags is not None and call.microversion < (2, 52):
        raise bad(
            "Invalid input for field/attribute server. Additional properties are not allowed ('tags' was unexpected)"
        )
    return sorted(set(tags or []))


def index(cloud: Cloud, call: Call) -> Reply:
    return Reply({"servers": [bodies.brief(it, call) for it in _paged(cloud, call)]})


def details(cloud: Cloud, call: Call) -> Reply:
    return Reply({"servers": [bodies.server(cloud, it, call) for it in _paged(cloud, call)]})


def _paged(cloud: Cloud, call: Call) -> list[Server]:
    chosen = [it for it in cloud.nova.servers.values() if _wanted(cloud, it, call)]
    rows = page([{"id": it.id} for it in reversed(chosen)], call)
    return [cloud.nova.servers[row["id"]] for row in rows]


def _wanted(cloud: Cloud, it: Server, call: Call) -> bool:
    if not call.everybody() and it.project_id != call.caller.project_id:
        return False
    equal = {
        "status": it.status,
        "uuid": it.id,
        "flavor": it.flavor.id,
        "image": it.image_id,
        "key_name": it.key_name or "",
        "project_id": it.project_id,
        "user_id": it.user_id,
        "host": it.host,
        "availability_zone": it.zone,
    }
    if any(call.first(name, value).lower() != value.lower() for name, value in equal.items()):
        return False
    return _named(it, call) and _tagged(it, call) and _addressed(cloud, it, call)


def _named(it: Server, call: Call) -> bool:
    """`name` is a regular expression, found anywhere."""
    try:
        return re.search(call.first("name"), it.name) is not None
    except re.error as exc:
        raise bad(f"Invalid filter: {exc}") from exc


def _tagged(it: Server, call: Call) -> bool:
    held = set(it.tags)
    every, some = call.first("tags"), call.first("tags-any")
    return (not every or set(every.split(",")) <= held) and (not some or not held.isdisjoint(some.split(",")))


def _addressed(cloud: Cloud, it: Server, call: Call) -> bool:
    wanted = call.first("ip")
    if not wanted:
        return True
    return any(re.search(wanted, row["addr"]) for rows in bodies.addresses(cloud, it).values() for row in rows)


def show(cloud: Cloud, call: Call) -> Reply:
    return Reply({"server": bodies.server(cloud, found(cloud, call), call)})


def update(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    wish = call.resource("server")
    server.name = wish.get("name", server.name)
    server.description = wish.get("description", server.description)
    server.updated = now()
    return Reply({"server": bodies.server(cloud, server, call)})


def delete(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    if server.locked and not call.caller.is_admin:
        raise conflict(f"Instance {server.id} is locked")
    if server.task_state == "deleting":
        return empty()
    if not server.host:  # Nova keeps it in cell0, where no compute service has to be asked: it is gone at once
        building.end(cloud, server)
        return empty()
    server.task_state = "deleting"
    server.deeds.append(Deed("delete", call.caller.user_id))
    cloud.later(cloud.pace.step, lambda: building.end(cloud, server))
    return empty()


def addresses(cloud: Cloud, call: Call) -> Reply:
    return Reply({"addresses": bodies.addresses(cloud, found(cloud, call))})


def instance_actions(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    return Reply({"instanceActions": [_deed(server, deed) for deed in reversed(server.deeds)]})


def instance_action(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    for deed in server.deeds:
        if deed.request_id == call.part("request"):
            return Reply({"instanceAction": _deed(server, deed) | {"events": []}})
    raise missing(f"Action for request_id {call.part('request')} on instance {server.id} not found")


def _deed(server: Server, deed: Deed) -> Json:
    return {
        "action": deed.action,
        "instance_uuid": server.id,
        "request_id": deed.request_id,
        "start_time": deed.start_time.removesuffix("Z") + ".000000",
        "user_id": deed.user_id,
        "project_id": server.project_id,
        "message": deed.message,
    }


def diagnostics(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    return Reply({"vcpus": server.flavor.vcpus, "memory": server.flavor.ram * 1024})


def topology(cloud: Cloud, call: Call) -> Reply:
    found(cloud, call)
    return Reply({"nodes": [], "pagesize_kb": 4})


def server_groups(cloud: Cloud, call: Call) -> Reply:
    """os-security-groups of one server."""
    server = found(cloud, call)
    groups = cloud.neutron.security_groups
    held = dict.fromkeys(group for port in cloud.neutron.ports_of(server.id) for group in port.security_groups)
    rows = [
        {
            "id": groups[it].id,
            "name": groups[it].name,
            "description": groups[it].description,
            "tenant_id": groups[it].project_id,
            "rules": [],
        }
        for it in held
    ]
    return Reply({"security_groups": rows})
