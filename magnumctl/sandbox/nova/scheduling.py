"""Which host takes a server."""

from __future__ import annotations

from magnumctl.sandbox.nova.records import Host, Server, ServerGroup
from magnumctl.sandbox.store import Cloud

NO_VALID_HOST = "No valid host was found. There are not enough hosts available."


def choose(cloud: Cloud, server: Server) -> Host | None:
    """The roomiest host that the server group allows; None: no valid host."""
    others = [it for it in cloud.nova.servers.values() if it.host and it.id != server.id]
    fitting = [host for host in cloud.nova.hosts if _fits(host, server, others)]
    group = cloud.nova.groups.get(server.group_id)
    if group is not None:
        fitting = _grouped(group, fitting, [it for it in others if it.group_id == group.id])
    return min(fitting, key=lambda host: sum(1 for it in others if it.host == host.name), default=None)


def _fits(host: Host, server: Server, others: list[Server]) -> bool:
    here = [it.flavor for it in others if it.host == host.name]
    return (
        sum(it.vcpus for it in here) + server.flavor.vcpus <= host.vcpus
        and sum(it.ram for it in here) + server.flavor.ram <= host.ram
        and sum(it.disk for it in here) + server.flavor.disk <= host.disk
    )


def _grouped(group: ServerGroup, hosts: list[Host], members: list[Server]) -> list[Host]:
    count = {host.name: sum(1 for it in members if it.host == host.name) for host in hosts}
    if group.policy == "anti-affinity":
        return [host for host in hosts if count[host.name] < max(1, group.max_server_per_host)]
    if group.policy == "affinity" and members:
        return [host for host in hosts if count[host.name]]
    if group.policy.startswith("soft-") and hosts:
        best = (min if group.policy == "soft-anti-affinity" else max)(count.values())
        return [host for host in hosts if count[host.name] == best]
    return hosts
