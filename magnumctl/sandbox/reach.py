"""Who answers at a floating address: the one place where Neutron's records, servers and load balancers meet."""

from __future__ import annotations

from dataclasses import dataclass

from magnumctl.sandbox.fabric import Relay, RelayMember
from magnumctl.sandbox.neutron.records import FloatingIp, Port
from magnumctl.sandbox.nova.records import Server
from magnumctl.sandbox.octavia.records import Listener, LoadBalancer, Member
from magnumctl.sandbox.store import Cloud


@dataclass(frozen=True)
class Target:
    port: Port
    fixed_ip: str
    router_id: str


def moved(cloud: Cloud, floating: FloatingIp, target: Target | None) -> None:
    """Lead the floating IP to `target`, or nowhere."""
    before = cloud.neutron.ports.get(floating.port_id or "")
    if before and target and before.id == target.port.id and floating.fixed_ip_address == target.fixed_ip:
        return
    if before:
        silent(cloud, floating, before)
    floating.port_id = target.port.id if target else None
    floating.fixed_ip_address = target.fixed_ip if target else None
    floating.router_id = target.router_id if target else None
    floating.status = "ACTIVE" if target else "DOWN"
    if target:
        lead(cloud, floating, target.port)
    elif before:
        relay_vip(cloud, before)


def lead(cloud: Cloud, floating: FloatingIp, port: Port) -> None:
    server = cloud.nova.servers.get(port.device_id)
    if server is not None:
        address = floating.floating_ip_address
        cloud.tell(lambda: server.node.attach(address) if server.node else None)
    relay_vip(cloud, port)


def silent(cloud: Cloud, floating: FloatingIp, port: Port) -> None:
    """The server at `port` no longer answers for the floating IP."""
    server = cloud.nova.servers.get(port.device_id)
    if server is not None:
        address = floating.floating_ip_address
        cloud.tell(lambda: server.node.detach(address) if server.node else None)


def addresses_of(cloud: Cloud, server: Server) -> tuple[str, ...]:
    ports = cloud.neutron.ports_of(server.id)
    return tuple(floating.floating_ip_address for port in ports for floating in cloud.neutron.floating_of(port.id))


def relay_vip(cloud: Cloud, port: Port) -> None:
    """Tell the fabric anew what every listener behind this VIP port does."""
    for balancer in cloud.octavia.loadbalancers.values():
        if balancer.vip_port_id == port.id:
            relay_balancer(cloud, balancer)


def relay_balancer(cloud: Cloud, balancer: LoadBalancer) -> None:
    for listener in cloud.octavia.listeners_of(balancer.id):
        _relay(cloud, balancer, listener)


def _relay(cloud: Cloud, balancer: LoadBalancer, listener: Listener) -> None:
    floating = cloud.neutron.floating_of(balancer.vip_port_id)
    members = cloud.octavia.members_of(listener.default_pool_id or "")
    relay = Relay(
        id=listener.id,
        listen=tuple(it.floating_ip_address for it in floating),
        port=listener.protocol_port,
        members=tuple(_member(cloud, balancer, member) for member in members if member.admin_state_up),
        allowed_cidrs=tuple(listener.allowed_cidrs or ()),
    )
    cloud.tell(lambda: cloud.fabric.relay(relay))


def _member(cloud: Cloud, balancer: LoadBalancer, member: Member) -> RelayMember:
    subnet = cloud.neutron.subnets.get(member.subnet_id or balancer.vip_subnet_id)
    return RelayMember(subnet.network_id if subnet else balancer.vip_network_id, member.address, member.protocol_port)


def unrelay(cloud: Cloud, listener_id: str) -> None:
    cloud.tell(lambda: cloud.fabric.unrelay(listener_id))
