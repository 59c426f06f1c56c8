"""Records as the Networking API shows them."""

from __future__ import annotations

from magnumctl.sandbox.neutron.records import (
    FloatingIp,
    Network,
    NeutronRecords,
    Port,
    Resource,
    Router,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
)
from magnumctl.sandbox.wire import Caller, Json

ZONE = "nova"


def common(resource: Resource) -> Json:
    return {
        "id": resource.id,
        "name": resource.name,
        "description": resource.description,
        "project_id": resource.project_id,
        "tenant_id": resource.project_id,
        "tags": list(resource.tags),
        "created_at": resource.created_at,
        "updated_at": resource.updated_at,
        "revision_number": resource.revision_number,
    }


def network(records: NeutronRecords, it: Network, caller: Caller) -> Json:
    body = common(it) | {
        "admin_state_up": it.admin_state_up,
        "status": "ACTIVE",
        "shared": it.shared,
        "router:external": it.external,
        "mtu": it.mtu,
        "port_security_enabled": it.port_security_enabled,
        "dns_domain": it.dns_domain,
        "is_default": it.external,
        "subnets": [subnet.id for subnet in records.subnets_of(it.id)],
        "availability_zones": [ZONE],
        "availability_zone_hints": it.availability_zone_hints,
        "ipv4_address_scope": None,
        "ipv6_address_scope": None,
        "qos_policy_id": None,
        "vlan_transparent": None,
    }
    if caller.is_admin:
        body |= {
            "provider:network_type": "flat" if it.external else "vxlan",
            "provider:physical_network": "public" if it.external else None,
            "provider:segmentation_id": None if it.external else it.segment,
        }
    return body


def subnet(records: NeutronRecords, it: Subnet, _caller: Caller) -> Json:
    return common(it) | {
        "network_id": it.network_id,
        "cidr": it.cidr,
        "ip_version": it.ip_version,
        "gateway_ip": it.gateway_ip,
        "enable_dhcp": it.enable_dhcp,
        "dns_nameservers": it.dns_nameservers,
        "host_routes": it.host_routes,
        "allocation_pools": it.allocation_pools,
        "ipv6_address_mode": it.ipv6_address_mode,
        "ipv6_ra_mode": it.ipv6_ra_mode,
        "dns_publish_fixed_ip": it.dns_publish_fixed_ip,
        "service_types": it.service_types,
        "segment_id": it.segment_id,
        "subnetpool_id": it.subnetpool_id,
        "router:external": records.networks[it.network_id].external,
    }


def port(_records: NeutronRecords, it: Port, caller: Caller) -> Json:
    body = common(it) | {
        "network_id": it.network_id,
        "mac_address": it.mac_address,
        "fixed_ips": [{"subnet_id": fixed.subnet_id, "ip_address": fixed.ip_address} for fixed in it.fixed_ips],
        "admin_state_up": it.admin_state_up,
        "status": it.status,
        "device_id": it.device_id,
        "device_owner": it.device_owner,
        "security_groups": it.security_groups,
        "allowed_address_pairs": it.allowed_address_pairs,
        "port_security_enabled": it.port_security_enabled,
        "extra_dhcp_opts": it.extra_dhcp_opts,
        "dns_name": it.dns_name,
        "dns_domain": it.dns_domain,
        "dns_assignment": _dns_assignment(it),
        "binding:vnic_type": it.vnic_type,
        "qos_policy_id": it.qos_policy_id,
        "qos_network_policy_id": None,
        "propagate_uplink_status": None,
        "hardware_offload_type": None,
    }
    if caller.is_admin:
        body |= {
            "binding:host_id": it.host,
            "binding:profile": it.profile,
            "binding:vif_type": "ovs" if it.host else "unbound",
            "binding:vif_details": {},
        }
    return body


def _dns_assignment(it: Port) -> list[Json]:
    rows = []
    for fixed in it.fixed_ips:
        host = it.dns_name or f"host-{fixed.ip_address.replace('.', '-')}"
        rows.append({"ip_address": fixed.ip_address, "hostname": host, "fqdn": f"{host}.openstacklocal."})
    return rows


def router(records: NeutronRecords, it: Router, caller: Caller) -> Json:
    body = common(it) | {
        "admin_state_up": it.admin_state_up,
        "status": it.status,
        "external_gateway_info": _gateway(records, it),
        "routes": it.routes,
        "availability_zones": [ZONE],
        "availability_zone_hints": it.availability_zone_hints,
        "flavor_id": None,
        "enable_ndp_proxy": False,
    }
    if caller.is_admin:
        body |= {"distributed": it.distributed, "ha": it.ha}
    return body


def _gateway(records: NeutronRecords, it: Router) -> Json | None:
    if not it.gateway_network:
        return None
    fixed = records.ports[it.gateway_port].fixed_ips
    return {
        "network_id": it.gateway_network,
        "enable_snat": it.enable_snat,
        "external_fixed_ips": [{"subnet_id": ip.subnet_id, "ip_address": ip.ip_address} for ip in fixed],
    }


def security_group(records: NeutronRecords, it: SecurityGroup, caller: Caller) -> Json:
    rules = [security_group_rule(records, rule, caller) for rule in records.rules_of(it.id)]
    return common(it) | {"stateful": it.stateful, "shared": False, "security_group_rules": rules}


def security_group_rule(_records: NeutronRecords, it: SecurityGroupRule, _caller: Caller) -> Json:
    body = common(it) | {
        "security_group_id": it.security_group_id,
        "direction": it.direction,
        "ethertype": it.ethertype,
        "protocol": it.protocol,
        "port_range_min": it.port_range_min,
        "port_range_max": it.port_range_max,
        "remote_ip_prefix": it.remote_ip_prefix,
        "normalized_cidr": it.remote_ip_prefix,
        "remote_group_id": it.remote_group_id,
        "remote_address_group_id": it.remote_address_group_id,
        "belongs_to_default_sg": False,
    }
    del body["name"], body["tags"]
    return body


def floating_ip(records: NeutronRecords, it: FloatingIp, _caller: Caller) -> Json:
    body = common(it) | {
        "floating_network_id": it.floating_network_id,
        "floating_ip_address": it.floating_ip_address,
        "port_id": it.port_id,
        "fixed_ip_address": it.fixed_ip_address,
        "router_id": it.router_id,
        "status": it.status,
        "port_details": _port_details(records, it),
        "port_forwardings": [],
        "dns_name": it.dns_name,
        "dns_domain": it.dns_domain,
        "qos_policy_id": None,
        "qos_network_policy_id": None,
    }
    del body["name"]
    return body


def _port_details(records: NeutronRecords, it: FloatingIp) -> Json | None:
    held = records.ports.get(it.port_id or "")
    if held is None:
        return None
    return {
        "name": held.name,
        "network_id": held.network_id,
        "mac_address": held.mac_address,
        "admin_state_up": held.admin_state_up,
        "status": held.status,
        "device_id": held.device_id,
        "device_owner": held.device_owner,
    }
