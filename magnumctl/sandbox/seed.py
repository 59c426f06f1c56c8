"""What the cloud is born with."""

from __future__ import annotations

import ipaddress
import secrets

from magnumctl.sandbox.cinder.records import VolumeType
from magnumctl.sandbox.glance.records import Image
from magnumctl.sandbox.keystone.records import Project, User
from magnumctl.sandbox.neutron.networks import subnet_of
from magnumctl.sandbox.neutron.records import Network, Subnet
from magnumctl.sandbox.nova.records import Flavor
from magnumctl.sandbox.store import Cloud

PASSWORD = "sandbox"  # noqa: S105 - the door opens to this machine only
PUBLIC_CIDR = "127.77.0.0/16"
TENANTS = ("demo", "other")
_BLOCK, _BLOCKS = 64, 1024
_IMAGES = ("debian-12-kube", "debian-12-docker", "ubuntu-24.04")
_FLAVORS = (
    ("m1.tiny", 1, 512, 1),
    ("m1.small", 1, 2048, 20),
    ("m1.medium", 2, 4096, 40),
    ("m1.large", 4, 8192, 80),
    ("m1.xlarge", 8, 16384, 160),
)


def plant(cloud: Cloud) -> None:
    _people(cloud)
    admin = cloud.keystone.project_named("admin")
    owner = admin.id if admin else ""
    for name in _IMAGES:
        image = Image(name, owner, size=1 << 28, properties={"os_distro": name.partition("-")[0]})
        cloud.glance.images[image.id] = image
    for place, (name, vcpus, ram, disk) in enumerate(_FLAVORS, 1):
        cloud.nova.flavors[str(place)] = Flavor(name, vcpus, ram, disk, str(place))
    for name in ("__DEFAULT__", "fast"):
        kind = VolumeType(name)
        cloud.cinder.types[kind.id] = kind
    _public(cloud, owner)


def _people(cloud: Cloud) -> None:
    for name in (*TENANTS, "admin"):
        project, user = Project(name), User(name, PASSWORD)
        cloud.keystone.projects[project.id] = project
        cloud.keystone.users[user.id] = user
        cloud.keystone.assignments[user.id, project.id] = {"admin" if name == "admin" else "member"}


def _public(cloud: Cloud, owner: str) -> None:
    network = Network(owner, "public", external=True, mtu=1500)
    cloud.neutron.networks[network.id] = network
    subnet = subnet_of(network, {"name": "public", "cidr": PUBLIC_CIDR, "enable_dhcp": False}, owner)
    subnet.last = _somewhere(subnet)
    cloud.neutron.subnets[subnet.id] = subnet


def _somewhere(subnet: Subnet) -> int:
    """Every sandbox of this machine hands out its own part of the range, for nodes really listen there."""
    first = int(ipaddress.ip_network(subnet.cidr).network_address)
    return first + (1 + secrets.randbelow(_BLOCKS - 2)) * _BLOCK
