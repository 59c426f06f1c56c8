from __future__ import annotations

from collections.abc import Iterable

from magnumctl.sandbox.octavia.records import (
    Balanced,
    HealthMonitor,
    Listener,
    LoadBalancer,
    Member,
    OctaviaRecords,
    Pool,
)
from magnumctl.sandbox.wire import Json


def ids(things: Iterable[Balanced]) -> list[Json]:
    return [{"id": it.id} for it in things]


def common(it: Balanced) -> Json:
    return {
        "id": it.id,
        "name": it.name,
        "description": it.description,
        "admin_state_up": it.admin_state_up,
        "provisioning_status": it.provisioning_status,
        "operating_status": it.operating_status,
        "project_id": it.project_id,
        "tenant_id": it.project_id,
        "tags": list(it.tags),
        "created_at": it.created_at.removesuffix("Z"),
        "updated_at": it.updated_at.removesuffix("Z") if it.updated_at else None,
    }


def load_balancer(records: OctaviaRecords, it: LoadBalancer) -> Json:
    return common(it) | {
        "vip_address": it.vip_address,
        "vip_port_id": it.vip_port_id,
        "vip_subnet_id": it.vip_subnet_id,
        "vip_network_id": it.vip_network_id,
        "vip_qos_policy_id": it.vip_qos_policy_id,
        "vip_vnic_type": "normal",
        "vip_sg_ids": [],
        "additional_vips": [],
        "provider": it.provider,
        "flavor_id": it.flavor_id,
        "availability_zone": it.availability_zone,
        "listeners": ids(records.listeners_of(it.id)),
        "pools": ids(records.pools_of(it.id)),
    }


def listener(_records: OctaviaRecords, it: Listener) -> Json:
    return common(it) | {
        "loadbalancers": [{"id": it.loadbalancer_id}],
        "protocol": it.protocol,
        "protocol_port": it.protocol_port,
        "default_pool_id": it.default_pool_id,
        "connection_limit": it.connection_limit,
        "allowed_cidrs": sorted(it.allowed_cidrs) if it.allowed_cidrs else None,
        "insert_headers": it.insert_headers,
        "timeout_client_data": it.timeout_client_data,
        "timeout_member_connect": it.timeout_member_connect,
        "timeout_member_data": it.timeout_member_data,
        "timeout_tcp_inspect": it.timeout_tcp_inspect,
        "l7policies": [],
        "sni_container_refs": [],
        "default_tls_container_ref": None,
        "client_ca_tls_container_ref": None,
        "client_crl_container_ref": None,
        "client_authentication": "NONE",
        "tls_ciphers": None,
        "tls_versions": None,
        "alpn_protocols": None,
        "hsts_max_age": None,
        "hsts_include_subdomains": False,
        "hsts_preload": False,
    }


def pool(records: OctaviaRecords, it: Pool) -> Json:
    monitor = records.monitor_of(it.id)
    return common(it) | {
        "loadbalancers": [{"id": it.loadbalancer_id}],
        "listeners": ids(records.listeners_to(it.id)),
        "members": ids(records.members_of(it.id)),
        "healthmonitor_id": monitor.id if monitor else None,
        "protocol": it.protocol,
        "lb_algorithm": it.lb_algorithm,
        "session_persistence": it.session_persistence,
        "tls_enabled": False,
        "tls_container_ref": None,
        "ca_tls_container_ref": None,
        "crl_container_ref": None,
        "tls_ciphers": None,
        "tls_versions": None,
        "alpn_protocols": None,
    }


def member(_records: OctaviaRecords, it: Member) -> Json:
    body = common(it) | {
        "address": it.address,
        "protocol_port": it.protocol_port,
        "weight": it.weight,
        "backup": it.backup,
        "subnet_id": it.subnet_id,
        "monitor_address": it.monitor_address,
        "monitor_port": it.monitor_port,
        "vnic_type": "normal",
    }
    del body["description"]
    return body


def health_monitor(_records: OctaviaRecords, it: HealthMonitor) -> Json:
    body = common(it) | {
        "pools": [{"id": it.pool_id}],
        "type": it.type,
        "delay": it.delay,
        "timeout": it.timeout,
        "max_retries": it.max_retries,
        "max_retries_down": it.max_retries_down,
        "http_method": it.http_method,
        "url_path": it.url_path,
        "expected_codes": it.expected_codes,
        "http_version": None,
        "domain_name": None,
    }
    del body["description"]
    return body
