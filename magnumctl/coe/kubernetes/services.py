"""The services of one bay, each by its name in the blueprint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from magnumctl.coe.details import Deed, Endpoint, ServiceDetail, ServicePort
from magnumctl.errors import WorkloadNotFoundError

from .deletion import delete
from .nodes import name_in_bay
from .objects import Live, Objects
from .statuses import seen

Json = Mapping[str, Any]
OF_SERVICE = "kubernetes.io/service-name"


class Services:
    """WorkloadNotFoundError for a name that the bay does not hold."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(live.name for live in self._lives()))

    def show(self, name: str) -> ServiceDetail:
        live = self._find(name)
        spec, namespace = live.body["spec"], live.metadata["namespace"]
        return ServiceDetail(
            status=seen(self._objects, [live])[0].status,
            namespace=namespace,
            type=spec["type"],
            cluster_ip=spec.get("clusterIP") or "",
            ports=tuple(service_port(each) for each in spec.get("ports") or ()),
            endpoints=tuple(endpoints(self._objects.api.bay, self._slices(namespace, live.metadata["name"]))),
            outside=tuple(ingress(live.body)),
        )

    def delete(self, name: str) -> Deed:
        return delete(self._objects, name, [self._find(name)])

    def _lives(self) -> list[Live]:
        resource = self._objects.find("v1", "Service")
        marked = self._objects.marked(resource) if resource else ()
        return [live for live in marked if live.kind == "service"]

    def _find(self, name: str) -> Live:
        lives = {live.name: live for live in self._lives()}
        if name not in lives:
            raise WorkloadNotFoundError(
                f"bay {self._objects.api.bay} holds no service {name}",
                detail=f"it holds {', '.join(sorted(lives)) or 'none'}",
                hint="magnumctl apply, when the blueprint has it",
            )
        return lives[name]

    def _slices(self, namespace: str, name: str) -> Sequence[Json]:
        path = f"/apis/discovery.k8s.io/v1/namespaces/{quote(namespace)}/endpointslices"
        return self._objects.list(path, f"{OF_SERVICE}={name}")


def service_port(body: Json) -> ServicePort:
    return ServicePort(
        name=body.get("name") or "",
        protocol=body.get("protocol") or "TCP",
        port=body["port"],
        target=str(body.get("targetPort") or body["port"]),
        node_port=body.get("nodePort") or 0,
    )


def endpoints(bay: str, slices: Sequence[Json]) -> Iterator[Endpoint]:
    for each in slices:
        for endpoint in each.get("endpoints") or ():
            for port in each.get("ports") or ():
                yield from addresses(bay, endpoint, int(port.get("port") or 0))


def addresses(bay: str, endpoint: Json, port: int) -> Iterator[Endpoint]:
    target = endpoint.get("targetRef") or {}
    node = endpoint.get("nodeName") or ""
    # Kubernetes: no condition is to be read as ready
    is_ready = (endpoint.get("conditions") or {}).get("ready") is not False
    for address in endpoint["addresses"]:
        yield Endpoint(address, port, is_ready, target.get("name") or "", name_in_bay(bay, node))


def ingress(body: Json) -> Iterator[str]:
    given = ((body.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    yield from (str(each.get("ip") or each.get("hostname")) for each in given)
