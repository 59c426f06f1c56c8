"""Cluster addresses and node ports of services, addresses of pods."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import Cause, invalid
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import at, name_of
from magnumctl.sandbox.nodes.kubernetes.store import Store

FIRST_NODE_PORT, LAST_NODE_PORT = 30000, 32767
DNS_OFFSET = 10
"""The tenth address of the service network is the cluster's DNS server: kubeadm's convention."""
SERVICE = find_built_in("Service")


class ServiceAddresses:
    def __init__(self, store: Store, network: str) -> None:
        self._store = store
        self._network = ipaddress.ip_network(network.partition(",")[0], strict=False)

    @property
    def first(self) -> str:
        return str(self._network[1])

    @property
    def dns(self) -> str:
        return str(self._network[DNS_OFFSET])

    def assign(self, service: Json) -> None:
        """Fills what the author left open; the 422 of Kubernetes for what is taken or outside."""
        spec = service["spec"]
        others = [each for each in self._store.peek(SERVICE) if not _same(each, service)]
        if spec["type"] == "ExternalName":
            return
        self._assign_address(service, {at(each, "spec.clusterIP", "") for each in others})
        if spec["type"] in {"NodePort", "LoadBalancer"}:
            self._assign_ports(
                service, {port.get("nodePort") for each in others for port in each["spec"].get("ports") or ()}
            )

    def _assign_address(self, service: Json, taken: set[str]) -> None:
        spec = service["spec"]
        asked = spec.get("clusterIP")
        if asked and asked != "None":
            self._check(service, asked, taken)
        spec["clusterIP"] = asked or self._free(taken)
        spec["clusterIPs"] = [spec["clusterIP"]]

    def _check(self, service: Json, asked: str, taken: set[str]) -> None:
        why = ""
        if ipaddress.ip_address(asked) not in self._network:
            why = f"failed to allocate IP {asked}: the provided IP is not in the valid range. The range of valid IPs is"
            why += f" {self._network}"
        elif asked in taken:
            why = f"failed to allocate IP {asked}: provided IP is already allocated"
        if why:
            cause = Cause("FieldValueInvalid", f'Invalid value: ["{asked}"]: {why}', "spec.clusterIPs")
            raise invalid(SERVICE, name_of(service), [cause])

    def _free(self, taken: Iterable[str]) -> str:
        held = {*taken, self.first, self.dns}
        start = min(256, self._network.num_addresses // 16) + 1
        numbers = [*range(start, min(self._network.num_addresses - 1, start + 65536)), *range(1, start)]
        return next(str(self._network[number]) for number in numbers if str(self._network[number]) not in held)

    def _assign_ports(self, service: Json, taken: set[int | None]) -> None:
        for index, port in enumerate(service["spec"].get("ports") or ()):
            asked = port.get("nodePort")
            if asked:
                self._check_port(service, index, asked, taken)
            port["nodePort"] = asked or next(n for n in range(FIRST_NODE_PORT + 80, LAST_NODE_PORT) if n not in taken)
            taken.add(port["nodePort"])

    @staticmethod
    def _check_port(service: Json, index: int, asked: int, taken: set[int | None]) -> None:
        why = "provided port is already allocated" if asked in taken else ""
        if not FIRST_NODE_PORT <= asked <= LAST_NODE_PORT:
            why = "provided port is not in the valid range. The range of valid ports is 30000-32767"
        if why:
            cause = Cause("FieldValueInvalid", f"Invalid value: {asked}: {why}", f"spec.ports[{index}].nodePort")
            raise invalid(SERVICE, name_of(service), [cause])


def _same(one: Json, other: Json) -> bool:
    mine, theirs = one["metadata"], other["metadata"]
    return (mine["namespace"], mine["name"]) == (theirs.get("namespace"), theirs["name"])


class PodAddresses:
    """Each node has a /24 (or smaller) of the pod network, as kube-controller-manager hands them out."""

    def __init__(self, network: str) -> None:
        self._network = ipaddress.ip_network(network.partition(",")[0], strict=False)
        self._length = max(24, self._network.prefixlen)

    def node_network(self, index: int) -> str:
        size = 2 ** (32 - self._length)
        count = max(self._network.num_addresses // size, 1)
        return f"{self._network[(index % count) * size]}/{self._length}"

    @staticmethod
    def address(node_network: str, taken: set[str]) -> str:
        network = ipaddress.ip_network(node_network)
        free = (str(host) for host in network.hosts() if str(host) not in taken)
        next(free, None)  # the first is the bridge of the node
        return next(free, "")
