from __future__ import annotations

from collections.abc import Mapping

from magnumctl.sandbox.neutron.records import Resource
from magnumctl.sandbox.neutron.refusals import invalid, not_found
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, RefusedError, Reply, empty

_LONGEST = 255


def _tagged(cloud: Cloud, call: Call) -> Resource:
    records = cloud.neutron
    tables: Mapping[str, tuple[str, Mapping[str, Resource]]] = {
        "networks": ("Network", records.networks),
        "subnets": ("Subnet", records.subnets),
        "ports": ("Port", records.ports),
        "routers": ("Router", records.routers),
        "security-groups": ("SecurityGroup", records.security_groups),
        "security_groups": ("SecurityGroup", records.security_groups),
        "security-group-rules": ("SecurityGroupRule", records.security_group_rules),
        "floatingips": ("FloatingIP", records.floatingips),
    }
    if call.part("collection") not in tables:
        raise RefusedError(404, "The resource could not be found.", "HTTPNotFound")
    kind, table = tables[call.part("collection")]
    resource = table.get(call.part("id"))
    if resource is None or not call.caller.owns(resource.project_id):
        raise not_found(kind, call.part("id"))
    return resource


def show(cloud: Cloud, call: Call) -> Reply:
    return Reply({"tags": _tagged(cloud, call).tags})


def replace(cloud: Cloud, call: Call) -> Reply:
    resource = _tagged(cloud, call)
    tags = call.json().get("tags")
    if not isinstance(tags, list):
        raise invalid(f"'{tags}' is not a list")
    if any(not isinstance(tag, str) or len(tag) > _LONGEST for tag in tags):
        raise invalid(f"'{tags}' exceeds maximum length of {_LONGEST}")
    resource.tags = sorted(set(tags))
    resource.touch()
    return Reply({"tags": resource.tags})


def clear(cloud: Cloud, call: Call) -> Reply:
    resource = _tagged(cloud, call)
    resource.tags = []
    resource.touch()
    return empty()


def has(cloud: Cloud, call: Call) -> Reply:
    _held(_tagged(cloud, call), call.part("tag"))
    return empty()


def _held(resource: Resource, tag: str) -> None:
    if tag not in resource.tags:
        raise RefusedError(404, f"Tag {tag} could not be found.", "TagNotFound")


def add(cloud: Cloud, call: Call) -> Reply:
    resource = _tagged(cloud, call)
    resource.tags = sorted({*resource.tags, call.part("tag")})
    resource.touch()
    return Reply(None, 201)


def drop(cloud: Cloud, call: Call) -> Reply:
    resource = _tagged(cloud, call)
    _held(resource, call.part("tag"))
    resource.tags.remove(call.part("tag"))
    resource.touch()
    return empty()
