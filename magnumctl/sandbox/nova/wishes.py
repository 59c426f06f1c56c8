"""What a request for a server asks for, checked before anything is made."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from magnumctl.sandbox.glance.images import visible as image_visible
from magnumctl.sandbox.glance.records import Image
from magnumctl.sandbox.neutron import networks as neutron_networks
from magnumctl.sandbox.nova import flavors
from magnumctl.sandbox.nova.records import ZONE, Flavor
from magnumctl.sandbox.nova.refusals import bad, conflict, forbidden, missing
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError

_LONGEST_USER_DATA = 65535
_LONGEST_METADATA = 255
_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
_KEYS = frozenset(
    {
        "OS-DCF:diskConfig",
        "accessIPv4",
        "accessIPv6",
        "adminPass",
        "availability_zone",
        "block_device_mapping",
        "block_device_mapping_v2",
        "config_drive",
        "description",
        "flavorRef",
        "host",
        "hostname",
        "hypervisor_hostname",
        "imageRef",
        "key_name",
        "max_count",
        "metadata",
        "min_count",
        "name",
        "networks",
        "personality",
        "return_reservation_id",
        "security_groups",
        "tags",
        "trusted_image_certificates",
        "user_data",
    }
)


@dataclass(frozen=True)
class Nic:
    """A port that exists, or a network to make one on."""

    network_id: str = ""
    port_id: str = ""
    fixed_ip: str = ""


@dataclass(frozen=True)
class Disk:
    source: str
    """image, volume or blank"""
    identifier: str
    size: int
    volume_type: str
    boot: bool
    delete_on_termination: bool


@dataclass(frozen=True)
class ServerWish:
    flavor: Flavor
    image: Image | None
    image_name: str
    nics: tuple[Nic, ...]
    disks: tuple[Disk, ...]
    user_data: bytes
    security_groups: tuple[str, ...]
    zone: str
    group_id: str


def checked(cloud: Cloud, call: Call, wish: Json) -> ServerWish:
    _shape(wish)
    flavor = _flavor(cloud, wish)
    disks = _disks(cloud, call, wish)
    image = _image(cloud, call, wish, flavor)
    if image is None and not any(disk.boot for disk in disks):
        raise bad("Missing imageRef attribute")
    _metadata(cloud, call, wish)
    if wish.get("key_name") and (call.caller.user_id, wish["key_name"]) not in cloud.nova.key_pairs:
        raise bad("Invalid key_name provided.")
    group_id = _group(cloud, call)
    return ServerWish(
        flavor=flavor,
        image=image,
        image_name=image.name if image else _image_of_disks(cloud, disks),
        nics=_nics(cloud, call, wish),
        disks=disks,
        user_data=_user_data(wish),
        security_groups=_security_groups(cloud, call, wish),
        zone=_zone(wish),
        group_id=group_id,
    )


def _shape(wish: Json) -> None:
    """What Nova's schema says before anything is looked up."""
    name, image = wish.get("name"), str(wish.get("imageRef") or "")
    if not isinstance(name, str) or not name.strip():
        raise bad(f"Invalid input for field/attribute name. Value: {name}. '{name}' should be non-empty")
    if image and not _UUID.fullmatch(image.rpartition("/")[2]):
        schemas = "is not valid under any of the given schemas"
        raise bad(f"Invalid input for field/attribute imageRef. Value: {image}. '{image}' {schemas}")
    for key in wish:
        if key not in _KEYS:
            raise bad(
                f"Invalid input for field/attribute server. Value: {wish}. Additional properties are not allowed "
                f"('{key}' was unexpected)"
            )


def _flavor(cloud: Cloud, wish: Json) -> Flavor:
    reference = str(wish.get("flavorRef", "")).rpartition("/")[2]
    try:
        return flavors.found(cloud, reference)
    except RefusedError as exc:
        raise bad(f"Flavor {reference} could not be found.") from exc


def _image(cloud: Cloud, call: Call, wish: Json, flavor: Flavor) -> Image | None:
    reference = str(wish.get("imageRef") or "").rpartition("/")[2]
    if not reference:
        return None
    image = cloud.glance.images.get(reference)
    if image is None or not image_visible(image, call.caller):
        raise bad("Can not find requested image")
    if image.status != "active":
        raise bad(f"Image {image.id} is unacceptable: Image is not active.")
    if flavor.ram < image.min_ram:
        raise bad("Flavor's memory is too small for requested image.")
    if 0 < flavor.disk < image.min_disk:
        raise bad(
            f"Flavor's disk is too small for requested image. Flavor disk is {flavor.disk << 30} bytes, image is "
            f"{image.min_disk << 30} bytes."
        )
    return image


def _image_of_disks(cloud: Cloud, disks: tuple[Disk, ...]) -> str:
    """The name of the image that the boot volume was or will be made of."""
    for disk in disks:
        volume = cloud.cinder.volumes.get(disk.identifier)
        image = cloud.glance.images.get(volume.image_id if volume else disk.identifier)
        if disk.boot and image:
            return image.name
    return ""


def _metadata(cloud: Cloud, call: Call, wish: Json) -> None:
    metadata = wish.get("metadata") or {}
    limit = cloud.nova.quota(call.caller.project_id)["metadata_items"]
    if len(metadata) > limit >= 0:
        raise forbidden(f"Maximum number of metadata items exceeds {limit}")
    for key, value in metadata.items():
        if not isinstance(value, str) or not 0 < len(key) <= _LONGEST_METADATA or len(value) > _LONGEST_METADATA:
            raise bad(f"Invalid input for field/attribute {key}. Value: {value}. {value} is not of type 'string'")


def _user_data(wish: Json) -> bytes:
    text = wish.get("user_data") or ""
    if len(text) > _LONGEST_USER_DATA:
        raise bad(f"Invalid input for field/attribute user_data. Value: {text[:32]}... is too long")
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError) as exc:
        raise bad("Invalid input for field/attribute user_data. Value is not a 'base64'") from exc


def _zone(wish: Json) -> str:
    zone = str(wish.get("availability_zone") or ZONE).partition(":")[0]
    if zone != ZONE:
        raise bad("The requested availability zone is not available")
    return zone


def _group(cloud: Cloud, call: Call) -> str:
    document = call.json()
    hints = document.get("os:scheduler_hints") or document.get("OS-SCH-HNT:scheduler_hints") or {}
    group_id = hints.get("group", "")
    group_id = group_id[0] if isinstance(group_id, list) and group_id else group_id
    if not group_id:
        return ""
    group = cloud.nova.groups.get(str(group_id))
    if group is None or not call.caller.owns(group.project_id):
        raise bad(f"Instance group {group_id} could not be found.")
    if len(group.members) >= cloud.nova.quota(call.caller.project_id)["server_group_members"] >= 0:
        raise forbidden("Quota exceeded, too many servers in group")
    return group.id


def _security_groups(cloud: Cloud, call: Call, wish: Json) -> tuple[str, ...]:
    """Ids of the groups asked for by name or id; `default` is what a port gets without being asked."""
    found: list[str] = []
    for row in wish.get("security_groups") or []:
        name = row.get("name", "")
        mine = [it for it in cloud.neutron.security_groups.values() if it.project_id == call.caller.project_id]
        matches = [it for it in mine if name in {it.id, it.name}]
        if not matches and name != "default":
            raise bad(f"Unable to find security_group with name or id '{name}'")
        if len(matches) > 1:
            raise conflict(f"Multiple security_group matches found for name '{name}', use an ID to be more specific.")
        found.extend(it.id for it in matches)
    return tuple(found)


def _nics(cloud: Cloud, call: Call, wish: Json) -> tuple[Nic, ...]:
    asked: Any = wish.get("networks")
    if asked == "none":
        return ()
    if not asked or asked == "auto":
        return _own_network(cloud, call)
    return tuple(_nic(cloud, call, row) for row in asked)


def _own_network(cloud: Cloud, call: Call) -> tuple[Nic, ...]:
    mine = [it for it in cloud.neutron.networks.values() if it.project_id == call.caller.project_id or it.shared]
    if len(mine) > 1:
        raise conflict("Multiple possible networks found, use a Network ID to be more specific.")
    return tuple(Nic(it.id) for it in mine)


def _nic(cloud: Cloud, call: Call, row: Json) -> Nic:
    if row.get("port"):
        port = cloud.neutron.ports.get(str(row["port"]))
        if port is None or not call.caller.owns(port.project_id):
            raise bad(f"Port id {row['port']} could not be found.")
        if port.device_id:
            raise conflict(f"Port {port.id} is still in use.")
        return Nic(port_id=port.id)
    network_id = str(row.get("uuid", ""))
    network = cloud.neutron.networks.get(network_id)
    if network is None or not neutron_networks.visible(network, call.caller):
        raise bad(f"Network {network_id} could not be found.")
    if not cloud.neutron.subnets_of(network.id):
        raise bad(f"Network {network_id} requires a subnet in order to boot instances on.")
    return Nic(network.id, fixed_ip=str(row.get("fixed_ip") or ""))


def _disks(cloud: Cloud, call: Call, wish: Json) -> tuple[Disk, ...]:
    rows = wish.get("block_device_mapping_v2") or []
    return tuple(disk for row in rows if (disk := _disk(cloud, call, row)) is not None)


def _disk(cloud: Cloud, call: Call, row: Json) -> Disk | None:
    """None for the local disk of an image, which is the flavor's."""
    source, identifier = row.get("source_type", ""), str(row.get("uuid") or "")
    boot = str(row.get("boot_index", "")) == "0"
    if source == "image" and row.get("destination_type") != "volume":
        return None
    if source == "blank" and row.get("destination_type") == "local":
        return None
    if source == "volume":
        volume = cloud.cinder.volumes.get(identifier)
        if volume is None or not call.caller.owns(volume.project_id):
            raise bad(f"Block Device Mapping is Invalid: failed to get volume {identifier}.")
        if volume.status != "available":
            raise bad(f"Invalid volume: volume {identifier} status must be 'available'. Currently in '{volume.status}'")
    elif source == "image" and identifier not in cloud.glance.images:
        raise missing(f"Image {identifier} could not be found.")
    size = int(row.get("volume_size") or 0)
    if source != "volume" and size < 1:
        raise bad(
            "Block Device Mapping is Invalid: Images with destination_type 'volume' need to have a non-zero size "
            "specified"
        )
    return Disk(
        source, identifier, size, str(row.get("volume_type") or ""), boot, bool(row.get("delete_on_termination", False))
    )
