from __future__ import annotations

from magnumctl.sandbox.nova.records import Flavor, Server
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json


def links(call: Call, collection: str, identifier: str) -> list[Json]:
    return [
        {"rel": "self", "href": f"{call.root_url}/compute/v2.1/{collection}/{identifier}"},
        {"rel": "bookmark", "href": f"{call.root_url}/compute/{collection}/{identifier}"},
    ]


def flavor(it: Flavor, call: Call) -> Json:
    body: Json = {
        "id": it.id,
        "name": it.name,
        "vcpus": it.vcpus,
        "ram": it.ram,
        "disk": it.disk,
        "swap": it.swap or (0 if call.microversion >= (2, 75) else ""),
        "OS-FLV-EXT-DATA:ephemeral": it.ephemeral,
        "OS-FLV-DISABLED:disabled": False,
        "os-flavor-access:is_public": it.is_public,
        "rxtx_factor": it.rxtx_factor,
        "links": links(call, "flavors", it.id),
    }
    if call.microversion >= (2, 55):
        body["description"] = it.description
    if call.microversion >= (2, 61):
        body["extra_specs"] = it.extra_specs
    return body


def brief(it: Server, call: Call) -> Json:
    return {"id": it.id, "name": it.name, "links": links(call, "servers", it.id)}


def server(cloud: Cloud, it: Server, call: Call) -> Json:
    body: Json = brief(it, call) | {
        "status": it.status,
        "tenant_id": it.project_id,
        "user_id": it.user_id,
        "metadata": it.metadata,
        "hostId": it.host_id,
        "image": {"id": it.image_id, "links": links(call, "images", it.image_id)[1:]} if it.image_id else "",
        "flavor": _embedded_flavor(it.flavor, call),
        "created": it.created,
        "updated": it.updated,
        "addresses": addresses(cloud, it),
        "accessIPv4": "",
        "accessIPv6": "",
        "OS-DCF:diskConfig": "MANUAL",
        "OS-EXT-AZ:availability_zone": it.zone if it.host else "",
        "config_drive": "True" if it.config_drive else "",
        "key_name": it.key_name,
        "OS-SRV-USG:launched_at": it.launched_at,
        "OS-SRV-USG:terminated_at": None,
        "OS-EXT-STS:task_state": it.task_state,
        "OS-EXT-STS:vm_state": it.vm_state,
        "OS-EXT-STS:power_state": it.power_state,
        "os-extended-volumes:volumes_attached": _volumes(cloud, it, call),
    }
    if it.status in {"ACTIVE", "BUILD", "REBOOT"}:
        body["progress"] = 100 if it.status == "ACTIVE" else 0
    if groups := _groups(cloud, it):
        body["security_groups"] = groups
    if it.fault:
        body["fault"] = it.fault
    return body | _newer(it, call) | _admins(it, call)


def _embedded_flavor(it: Flavor, call: Call) -> Json:
    if call.microversion < (2, 47):
        return {"id": it.id, "links": links(call, "flavors", it.id)[1:]}
    return {
        "original_name": it.name,
        "vcpus": it.vcpus,
        "ram": it.ram,
        "disk": it.disk,
        "ephemeral": it.ephemeral,
        "swap": it.swap,
        "extra_specs": it.extra_specs,
    }


def _newer(it: Server, call: Call) -> Json:
    """What came with which microversion."""
    since: dict[tuple[int, int], Json] = {
        (2, 9): {"locked": it.locked},
        (2, 19): {"description": it.description},
        (2, 26): {"tags": list(it.tags)},
        (2, 63): {"trusted_image_certificates": None},
        (2, 71): {"server_groups": [it.group_id] if it.group_id else []},
        (2, 73): {"locked_reason": None},
        (2, 90): {"OS-EXT-SRV-ATTR:hostname": it.name.lower()},
    }
    return {
        name: value for version, part in since.items() if call.microversion >= version for name, value in part.items()
    }


def _admins(it: Server, call: Call) -> Json:
    if not call.caller.is_admin:
        return {}
    return {
        "OS-EXT-SRV-ATTR:host": it.host or None,
        "OS-EXT-SRV-ATTR:hypervisor_hostname": it.host or None,
        "OS-EXT-SRV-ATTR:instance_name": f"instance-{it.id[:8]}",
    }


def _volumes(cloud: Cloud, it: Server, call: Call) -> list[Json]:
    held = cloud.cinder.attachments_to(it.id)
    if call.microversion < (2, 3):
        return [{"id": attachment.volume_id} for attachment in held]
    return [{"id": at.volume_id, "delete_on_termination": at.delete_on_termination} for at in held]


def _groups(cloud: Cloud, it: Server) -> list[Json]:
    held = [group for port in cloud.neutron.ports_of(it.id) for group in port.security_groups]
    groups = cloud.neutron.security_groups
    return [{"name": groups[group].name} for group in dict.fromkeys(held) if group in groups]


def addresses(cloud: Cloud, it: Server) -> Json:
    """{network name: [fixed and floating addresses]}"""
    found: dict[str, list[Json]] = {}
    for port in cloud.neutron.ports_of(it.id):
        rows = found.setdefault(cloud.neutron.networks[port.network_id].name, [])
        for fixed in port.fixed_ips:
            rows.append(_address(fixed.ip_address, "fixed", port.mac_address))
        for floating in cloud.neutron.floating_of(port.id):
            rows.append(_address(floating.floating_ip_address, "floating", port.mac_address))
    return found


def _address(address: str, kind: str, mac: str) -> Json:
    return {
        "addr": address,
        "version": 6 if ":" in address else 4,
        "OS-EXT-IPS:type": kind,
        "OS-EXT-IPS-MAC:mac_addr": mac,
    }
