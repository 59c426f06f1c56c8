"""From BUILD to ACTIVE or ERROR, and out of the world again."""

from __future__ import annotations

from magnumctl.sandbox import reach
from magnumctl.sandbox.cinder import volumes
from magnumctl.sandbox.cinder.records import Attachment
from magnumctl.sandbox.fabric import BootedServer, FixedAddress
from magnumctl.sandbox.neutron import listing, ports
from magnumctl.sandbox.neutron.records import Port
from magnumctl.sandbox.nova import scheduling
from magnumctl.sandbox.nova.records import Server
from magnumctl.sandbox.nova.wishes import Disk, Nic, ServerWish
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import RefusedError, now

FAIL = "sandbox_fail"
"""Metadata {"sandbox_fail": "spawn"} makes a server end in ERROR."""
_RUNNING, _LETTERS = 1, "abcdefghijklmnopqrstuvwxyz"


def begin(cloud: Cloud, server: Server, wish: ServerWish) -> None:
    for nic in wish.nics:
        if nic.port_id:
            cloud.neutron.ports[nic.port_id].device_id = server.id
    cloud.later(0, lambda: _schedule(cloud, server, wish))


def _alive(cloud: Cloud, server: Server) -> bool:
    return server.id in cloud.nova.servers and server.task_state != "deleting"


def _schedule(cloud: Cloud, server: Server, wish: ServerWish) -> None:
    if not _alive(cloud, server):
        return
    host = scheduling.choose(cloud, server)
    if host is None:
        fail(cloud, server, scheduling.NO_VALID_HOST)
        return
    server.host, server.task_state = host.name, "networking"
    try:
        _plug_all(cloud, server, wish)
        _attach_all(cloud, server, wish)
    except RefusedError as exc:
        fail(cloud, server, f"Build of instance {server.id} aborted: {exc.message}")
        return
    server.task_state = "spawning"
    cloud.later(cloud.pace.build, lambda: _spawned(cloud, server))


def fail(cloud: Cloud, server: Server, message: str) -> None:
    _give_back(cloud, server)
    server.become("ERROR", "error", 0)
    server.host = ""
    server.fault = {"code": 500, "created": now(), "message": message}
    server.deeds[-1].message = "Error"


def _spawned(cloud: Cloud, server: Server) -> None:
    if not _alive(cloud, server) or server.status != "BUILD":
        return
    if server.metadata.get(FAIL) == "spawn":
        fail(cloud, server, f"Build of instance {server.id} aborted: the metadata {FAIL} asked for it")
        return
    server.become("ACTIVE", "active", _RUNNING)
    server.launched_at = now().removesuffix("Z") + ".000000"
    boot(cloud, server)


def boot(cloud: Cloud, server: Server) -> None:
    booted = booted_server(cloud, server)

    def booting() -> None:
        server.node = cloud.fabric.boot(booted)

    cloud.tell(booting)


def booted_server(cloud: Cloud, server: Server) -> BootedServer:
    held = cloud.neutron.ports_of(server.id)
    return BootedServer(
        id=server.id,
        name=server.name,
        image_name=server.image_name,
        project_id=server.project_id,
        user_data=server.user_data,
        fixed_addresses=tuple(
            FixedAddress(port.network_id, fixed.ip_address) for port in held for fixed in port.fixed_ips
        ),
        floating_addresses=reach.addresses_of(cloud, server),
        metadata=dict(server.metadata),
    )


def _plug_all(cloud: Cloud, server: Server, wish: ServerWish) -> None:
    for nic in wish.nics:
        plug(cloud, server, nic, wish.security_groups)


def plug(cloud: Cloud, server: Server, nic: Nic, groups: tuple[str, ...] = ()) -> Port:
    port = cloud.neutron.ports[nic.port_id] if nic.port_id else _made(cloud, server, nic, groups)
    ports.bind(port, device_id=server.id, owner=f"compute:{server.zone}", host=server.host)
    return port


def _made(cloud: Cloud, server: Server, nic: Nic, groups: tuple[str, ...]) -> Port:
    network = cloud.neutron.networks[nic.network_id]
    if network.external and not network.shared and network.project_id != server.project_id:
        raise RefusedError(403, f"It is not allowed to create an interface on external network {network.id}")
    listing.within_quota(cloud, "port", cloud.neutron.ports.values(), server.project_id)
    fixed = ({"ip_address": nic.fixed_ip},) if nic.fixed_ip else None
    wish = ports.PortWish(server.project_id, fixed, groups or None)
    port = ports.make(cloud, network, wish)
    server.own_ports.add(port.id)
    return port


def unplug(cloud: Cloud, server: Server, port: Port) -> None:
    ports.unbind(cloud, port)
    if port.id in server.own_ports:
        server.own_ports.discard(port.id)
        ports.remove(cloud, port)


def _attach_all(cloud: Cloud, server: Server, wish: ServerWish) -> None:
    for place, disk in enumerate(wish.disks):
        _attach(cloud, server, disk, f"/dev/vd{_LETTERS[place]}")


def _attach(cloud: Cloud, server: Server, disk: Disk, device: str) -> None:
    volume = cloud.cinder.volumes.get(disk.identifier) if disk.source == "volume" else None
    if volume is None:
        image_id = disk.identifier if disk.source == "image" else ""
        order = volumes.VolumeWish(
            server.project_id, server.user_id, disk.size, volume_type=disk.volume_type, image_id=image_id
        )
        volume = volumes.make(cloud, order)
    volumes.attach(cloud, volume, Attachment(volume.id, server.id, device, disk.delete_on_termination))


def next_device(cloud: Cloud, server: Server) -> str:
    taken = {attachment.device for attachment in cloud.cinder.attachments_to(server.id)}
    start = 0 if not server.image_id else 1
    return next(name for name in (f"/dev/vd{letter}" for letter in _LETTERS[start:]) if name not in taken)


def _give_back(cloud: Cloud, server: Server) -> None:
    for port in cloud.neutron.ports_of(server.id):
        unplug(cloud, server, port)
    for attachment in cloud.cinder.attachments_to(server.id):
        volumes.detach(cloud, attachment)
        if attachment.delete_on_termination:
            volumes.remove(cloud, attachment.volume_id)


def end(cloud: Cloud, server: Server) -> None:
    """Take the server away; what was lent to it stays."""
    cloud.tell(lambda: server.node.delete() if server.node else None)
    _give_back(cloud, server)
    group = cloud.nova.groups.get(server.group_id)
    if group is not None and server.id in group.members:
        group.members.remove(server.id)
    cloud.nova.servers.pop(server.id, None)
