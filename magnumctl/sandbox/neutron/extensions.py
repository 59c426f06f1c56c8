from __future__ import annotations

import ipaddress

from magnumctl.sandbox.discovery import version
from magnumctl.sandbox.neutron import listing, networks
from magnumctl.sandbox.neutron.bodies import ZONE
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply

_ALIASES = (
    "address-scope",
    "allowed-address-pairs",
    "availability_zone",
    "binding",
    "default-subnetpools",
    "dns-integration",
    "ext-gw-mode",
    "external-net",
    "extra_dhcp_opt",
    "extraroute",
    "fip-port-details",
    "net-mtu",
    "net-mtu-writable",
    "network-ip-availability",
    "network_availability_zone",
    "pagination",
    "port-security",
    "project-id",
    "provider",
    "quota_details",
    "quotas",
    "router",
    "router_availability_zone",
    "security-group",
    "sorting",
    "standard-attr-description",
    "standard-attr-revisions",
    "standard-attr-tag",
    "standard-attr-timestamp",
    "stateful-security-group",
    "subnet_allocation",
)


def versions(_cloud: Cloud, call: Call) -> Reply:
    return Reply({"versions": [version("v2.0", f"{call.root_url}/network/v2.0/")]})


def v2(_cloud: Cloud, _call: Call) -> Reply:
    return Reply({"resources": []})


def index(_cloud: Cloud, _call: Call) -> Reply:
    return Reply({"extensions": [_extension(alias) for alias in _ALIASES]})


def show(_cloud: Cloud, call: Call) -> Reply:
    if call.part("alias") not in _ALIASES:
        raise RefusedError(404, f"Extension with alias {call.part('alias')} does not exist", "HTTPNotFound")
    return Reply({"extension": _extension(call.part("alias"))})


def _extension(alias: str) -> Json:
    return {"alias": alias, "name": alias, "description": alias, "updated": "2025-04-02T00:00:00-00:00", "links": []}


def zones(_cloud: Cloud, call: Call) -> Reply:
    rows = [{"name": ZONE, "resource": resource, "state": "available"} for resource in ("network", "router")]
    return listing.answer("availability_zones", rows, call)


def nothing(_cloud: Cloud, call: Call) -> Reply:
    return Reply({call.path.rstrip("/").rpartition("/")[2].removesuffix(".json").replace("-", "_"): []})


def absent(_cloud: Cloud, call: Call) -> Reply:
    raise RefusedError(404, f"The resource {call.part('id')} could not be found.", "HTTPNotFound")


def ip_availability(cloud: Cloud, call: Call) -> Reply:
    network = networks.found(cloud, call.part("id"), call.caller)
    return listing.one("network_ip_availability", _availability(cloud, network.id), call)


def ip_availabilities(cloud: Cloud, call: Call) -> Reply:
    rows = [_availability(cloud, it.id) for it in cloud.neutron.networks.values() if networks.visible(it, call.caller)]
    return listing.answer("network_ip_availabilities", rows, call)


def _availability(cloud: Cloud, network_id: str) -> Json:
    network = cloud.neutron.networks[network_id]
    rows = [
        {
            "subnet_id": subnet.id,
            "subnet_name": subnet.name,
            "cidr": subnet.cidr,
            "ip_version": subnet.ip_version,
            "used_ips": len(subnet.used),
            "total_ips": sum(_size(pool) for pool in subnet.allocation_pools),
        }
        for subnet in cloud.neutron.subnets_of(network_id)
    ]
    return {
        "network_id": network_id,
        "network_name": network.name,
        "project_id": network.project_id,
        "tenant_id": network.project_id,
        "used_ips": sum(int(str(row["used_ips"])) for row in rows),
        "total_ips": sum(int(str(row["total_ips"])) for row in rows),
        "subnet_ip_availability": rows,
    }


def _size(pool: Json) -> int:
    return int(ipaddress.ip_address(pool["end"])) - int(ipaddress.ip_address(pool["start"])) + 1
