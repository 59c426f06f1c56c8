"""POST /servers/{id}/action"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from magnumctl.sandbox.glance.records import Image
from magnumctl.sandbox.nova import bodies, building, flavors
from magnumctl.sandbox.nova.quotas import within_quota
from magnumctl.sandbox.nova.records import Deed, Flavor, Server
from magnumctl.sandbox.nova.refusals import bad, conflict, wrong_state
from magnumctl.sandbox.nova.servers import found
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply

Action = Callable[[Cloud, Server, Any, Call], Reply]
_RUNNING, _PAUSED, _SHUTDOWN = 1, 3, 4
_REBOOTS = ("HARD", "Hard", "hard", "SOFT", "Soft", "soft")


def act(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    asked = [name for name in call.json() if name in ACTIONS]
    if len(asked) != 1:
        raise bad(f"There is no such action: {', '.join(call.json())}")
    name = asked[0]
    if server.locked and name not in {"unlock", "lock", "os-getConsoleOutput"} and not call.caller.is_admin:
        raise conflict(f"Instance {server.id} is locked")
    reply = ACTIONS[name](cloud, server, call.json()[name], call)
    if name != "os-getConsoleOutput":
        server.deeds.append(Deed(name.removeprefix("os-"), call.caller.user_id))
    return reply


def _in(server: Server, action: str, *states: str) -> None:
    if server.task_state or server.vm_state not in states:
        raise wrong_state(server, action)


def _accepted() -> Reply:
    return Reply(None, 202)


def _soon(cloud: Cloud, server: Server, task: str, deed: Callable[[], None]) -> Reply:
    server.task_state = task
    cloud.later(cloud.pace.step, deed)
    return _accepted()


def _stop(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "stop", "active", "error")
    cloud.tell(lambda: server.node.stop() if server.node else None)
    return _soon(cloud, server, "powering-off", lambda: server.become("SHUTOFF", "stopped", _SHUTDOWN))


def _start(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "start", "stopped")
    cloud.tell(lambda: server.node.start() if server.node else None)
    return _soon(cloud, server, "powering-on", lambda: server.become("ACTIVE", "active", _RUNNING))


def _pause(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "pause", "active")
    cloud.tell(lambda: server.node.pause() if server.node else None)
    return _soon(cloud, server, "pausing", lambda: server.become("PAUSED", "paused", _PAUSED))


def _unpause(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "unpause", "paused")
    cloud.tell(lambda: server.node.unpause() if server.node else None)
    return _soon(cloud, server, "unpausing", lambda: server.become("ACTIVE", "active", _RUNNING))


def _suspend(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "suspend", "active")
    cloud.tell(lambda: server.node.pause() if server.node else None)
    return _soon(cloud, server, "suspending", lambda: server.become("SUSPENDED", "suspended", _SHUTDOWN))


def _resume(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "resume", "suspended")
    cloud.tell(lambda: server.node.unpause() if server.node else None)
    return _soon(cloud, server, "resuming", lambda: server.become("ACTIVE", "active", _RUNNING))


def _shelve(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "shelve", "active", "stopped", "paused", "suspended")
    cloud.tell(lambda: server.node.stop() if server.node else None)
    return _soon(cloud, server, "shelving", lambda: server.become("SHELVED_OFFLOADED", "shelved_offloaded", _SHUTDOWN))


def _unshelve(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "unshelve", "shelved_offloaded")
    cloud.tell(lambda: server.node.start() if server.node else None)
    return _soon(cloud, server, "unshelving", lambda: server.become("ACTIVE", "active", _RUNNING))


def _reboot(cloud: Cloud, server: Server, given: Any, _call: Call) -> Reply:
    _in(server, "reboot", "active", "stopped", "paused", "suspended", "error")
    kind = (given or {}).get("type", "")
    if kind not in _REBOOTS:
        raise bad(f"Invalid input for field/attribute type. Value: {kind}. '{kind}' is not one of {list(_REBOOTS)}")
    hard = kind.upper() == "HARD"
    if not hard and server.vm_state != "active":
        raise wrong_state(server, "reboot")
    server.status = "HARD_REBOOT" if hard else "REBOOT"
    cloud.tell(lambda: server.node.reboot() if server.node else None)
    return _soon(cloud, server, "rebooting", lambda: server.become("ACTIVE", "active", _RUNNING))


def _resize(cloud: Cloud, server: Server, given: Any, _call: Call) -> Reply:
    _in(server, "resize", "active", "stopped")
    try:
        flavor = flavors.found(cloud, str(given.get("flavorRef", "")).rpartition("/")[2])
    except RefusedError as exc:
        raise bad(exc.message) from exc
    if flavor.id == server.flavor.id:
        raise bad("When resizing, instances must change flavor!")
    growth = Flavor(flavor.name, flavor.vcpus - server.flavor.vcpus, flavor.ram - server.flavor.ram, 0)
    within_quota(cloud, server.project_id, growth, 1, instances=0)
    server.status = "RESIZE"

    def resized() -> None:
        server.previous_flavor, server.flavor = server.flavor, flavor
        server.become("VERIFY_RESIZE", "resized", _RUNNING)

    return _soon(cloud, server, "resize_prep", resized)


def _confirm(_cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "confirmResize", "resized")
    server.previous_flavor = None
    server.become("ACTIVE", "active", _RUNNING)
    return Reply(None, 204)


def _revert(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    _in(server, "revertResize", "resized")
    server.status = "REVERT_RESIZE"

    def reverted() -> None:
        server.flavor, server.previous_flavor = server.previous_flavor or server.flavor, None
        server.become("ACTIVE", "active", _RUNNING)

    return _soon(cloud, server, "resize_reverting", reverted)


def _rebuild(cloud: Cloud, server: Server, given: Any, call: Call) -> Reply:
    _in(server, "rebuild", "active", "stopped", "error", "paused", "suspended")
    image = cloud.glance.images.get(str(given.get("imageRef", "")).rpartition("/")[2])
    if image is None:
        raise bad("Cannot find image for rebuild")
    server.image_id = image.id if server.image_id else ""
    server.image_name = image.name
    server.name = given.get("name", server.name)
    server.metadata = dict(given.get("metadata", server.metadata))
    server.status = "REBUILD"
    cloud.tell(lambda: server.node.delete() if server.node else None)
    server.task_state = "rebuilding"
    cloud.later(cloud.pace.build, lambda: _rebuilt(cloud, server))
    return Reply({"server": bodies.server(cloud, server, call) | {"adminPass": server.admin_pass}}, 202)


def _rebuilt(cloud: Cloud, server: Server) -> None:
    if server.id in cloud.nova.servers and server.status == "REBUILD":
        server.become("ACTIVE", "active", _RUNNING)
        building.boot(cloud, server)


def _console(_cloud: Cloud, server: Server, given: Any, _call: Call) -> Reply:
    """The node is asked after the cloud is unlocked again."""
    length = (given or {}).get("length")
    node = server.node

    def answer() -> Reply:
        lines = (node.console() if node else "").splitlines(keepends=True)
        return Reply({"output": "".join(lines[-int(length) :] if length else lines)})

    return Reply(answer)


def _lock(_cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    server.locked = True
    return _accepted()


def _unlock(_cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    server.locked = False
    return _accepted()


def _password(_cloud: Cloud, server: Server, given: Any, _call: Call) -> Reply:
    _in(server, "changePassword", "active")
    server.admin_pass = str(given.get("adminPass", ""))
    return _accepted()


def _image(cloud: Cloud, server: Server, given: Any, call: Call) -> Reply:
    _in(server, "createImage", "active", "stopped", "paused", "suspended")
    image = Image(
        str(given["name"]), server.project_id, visibility="private", properties=dict(given.get("metadata") or {})
    )
    cloud.glance.images[image.id] = image
    body: Json | None = {"image_id": image.id} if call.microversion >= (2, 45) else None
    return Reply(body, 202, {"Location": f"{call.root_url}/image/v2/images/{image.id}"})


def _group_named(cloud: Cloud, server: Server, given: Any) -> str:
    for group in cloud.neutron.security_groups.values():
        if group.project_id == server.project_id and given.get("name") in {group.id, group.name}:
            return group.id
    raise RefusedError(
        404, f"Security group {given.get('name')} not found for project {server.project_id}.", "itemNotFound"
    )


def _add_group(cloud: Cloud, server: Server, given: Any, _call: Call) -> Reply:
    group = _group_named(cloud, server, given)
    for port in cloud.neutron.ports_of(server.id):
        port.security_groups = list(dict.fromkeys((*port.security_groups, group)))
    return _accepted()


def _remove_group(cloud: Cloud, server: Server, given: Any, _call: Call) -> Reply:
    group = _group_named(cloud, server, given)
    for port in cloud.neutron.ports_of(server.id):
        port.security_groups = [it for it in port.security_groups if it != group]
    return _accepted()


def _force_delete(cloud: Cloud, server: Server, _: Any, _call: Call) -> Reply:
    return _soon(cloud, server, "deleting", lambda: building.end(cloud, server))


ACTIONS: Mapping[str, Action] = {
    "os-stop": _stop,
    "os-start": _start,
    "pause": _pause,
    "unpause": _unpause,
    "suspend": _suspend,
    "resume": _resume,
    "shelve": _shelve,
    "shelveOffload": _shelve,
    "unshelve": _unshelve,
    "reboot": _reboot,
    "resize": _resize,
    "confirmResize": _confirm,
    "revertResize": _revert,
    "rebuild": _rebuild,
    "os-getConsoleOutput": _console,
    "lock": _lock,
    "unlock": _unlock,
    "changePassword": _password,
    "createImage": _image,
    "addSecurityGroup": _add_group,
    "removeSecurityGroup": _remove_group,
    "forceDelete": _force_delete,
}
