"""Interfaces and volumes of a server that runs."""

from __future__ import annotations

from magnumctl.sandbox import reach
from magnumctl.sandbox.cinder import volumes
from magnumctl.sandbox.cinder.records import Attachment
from magnumctl.sandbox.neutron.records import Port
from magnumctl.sandbox.nova import building
from magnumctl.sandbox.nova.records import Server
from magnumctl.sandbox.nova.refusals import bad, conflict, missing, wrong_state
from magnumctl.sandbox.nova.servers import found
from magnumctl.sandbox.nova.wishes import Nic
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, empty


def _interface(port: Port) -> Json:
    return {
        "port_id": port.id,
        "net_id": port.network_id,
        "mac_addr": port.mac_address,
        "port_state": port.status,
        "fixed_ips": [{"subnet_id": it.subnet_id, "ip_address": it.ip_address} for it in port.fixed_ips],
    }


def list_interfaces(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    return Reply({"interfaceAttachments": [_interface(port) for port in cloud.neutron.ports_of(server.id)]})


def _port(cloud: Cloud, server: Server, call: Call) -> Port:
    port = cloud.neutron.ports.get(call.part("port"))
    if port is None or port.device_id != server.id:
        raise missing(f"Instance {server.id} does not have port {call.part('port')}")
    return port


def show_interface(cloud: Cloud, call: Call) -> Reply:
    return Reply({"interfaceAttachment": _interface(_port(cloud, found(cloud, call), call))})


def add_interface(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    if server.task_state or server.vm_state not in {"active", "paused", "stopped"}:
        raise wrong_state(server, "attach_interface")
    wish = call.resource("interfaceAttachment")
    fixed = wish.get("fixed_ips") or [{}]
    nic = Nic(str(wish.get("net_id") or ""), str(wish.get("port_id") or ""), str(fixed[0].get("ip_address") or ""))
    port = building.plug(cloud, server, _checked(cloud, nic, call))
    for floating in cloud.neutron.floating_of(port.id):
        reach.lead(cloud, floating, port)
    return Reply({"interfaceAttachment": _interface(port)})


def _checked(cloud: Cloud, nic: Nic, call: Call) -> Nic:
    port = cloud.neutron.ports.get(nic.port_id)
    if nic.port_id and (port is None or not call.caller.owns(port.project_id)):
        raise missing(f"Port id {nic.port_id} could not be found.")
    if port is not None and port.device_id:
        raise conflict(f"Port {nic.port_id} is still in use.")
    if not nic.port_id and nic.network_id not in cloud.neutron.networks:
        raise bad(f"Network {nic.network_id} could not be found.")
    return nic


def remove_interface(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    port = _port(cloud, server, call)
    cloud.later(cloud.pace.step, lambda: building.unplug(cloud, server, port))
    return empty(202)


def _volume_body(attachment: Attachment, call: Call) -> Json:
    body: Json = {
        "serverId": attachment.server_id,
        "volumeId": attachment.volume_id,
        "device": attachment.device,
    }
    if call.microversion < (2, 89):
        body["id"] = attachment.volume_id
    if call.microversion >= (2, 70):
        body["tag"] = None
    if call.microversion >= (2, 79):
        body["delete_on_termination"] = attachment.delete_on_termination
    return body


def list_volumes(cloud: Cloud, call: Call) -> Reply:
    held = cloud.cinder.attachments_to(found(cloud, call).id)
    return Reply({"volumeAttachments": [_volume_body(it, call) for it in held]})


def _attachment(cloud: Cloud, call: Call) -> Attachment:
    for attachment in cloud.cinder.attachments_to(found(cloud, call).id):
        if attachment.volume_id == call.part("volume"):
            return attachment
    raise missing(f"volume_id not found: {call.part('volume')}")


def show_volume(cloud: Cloud, call: Call) -> Reply:
    return Reply({"volumeAttachment": _volume_body(_attachment(cloud, call), call)})


def add_volume(cloud: Cloud, call: Call) -> Reply:
    server = found(cloud, call)
    wish = call.resource("volumeAttachment")
    volume = cloud.cinder.volumes.get(str(wish.get("volumeId", "")))
    if volume is None or not call.caller.owns(volume.project_id):
        raise missing(f"Volume {wish.get('volumeId')} could not be found.")
    device = wish.get("device") or building.next_device(cloud, server)
    attachment = Attachment(volume.id, server.id, device, bool(wish.get("delete_on_termination", False)))
    try:
        volumes.attach(cloud, volume, attachment)
    except RefusedError as exc:
        raise bad(exc.message) from exc
    return Reply({"volumeAttachment": _volume_body(attachment, call)})


def remove_volume(cloud: Cloud, call: Call) -> Reply:
    attachment = _attachment(cloud, call)
    volume = cloud.cinder.volumes[attachment.volume_id]
    volume.status = "detaching"
    cloud.later(cloud.pace.step, lambda: volumes.detach(cloud, attachment))
    return empty(202)
