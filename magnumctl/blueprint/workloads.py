"""Pods, services and containers become those of the model; what their bay cannot take is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import model
from .bays import Bays
from .document_workload import ContainerDocument, PodContainerDocument, PodDocument, ServiceDocument
from .expansion import Expanded
from .manifest import Labelled, Manifests
from .problems import Problems, did_you_mean
from .sections import Written
from .tree import MappingNode, Value
from .wording import Reading, Subject

DOCKER_PORT = 2376
ENGINES = {"kubernetes": "Kubernetes", "docker": "Docker"}


class Workloads:
    def __init__(self, problems: Problems, reading: Reading, bays: Bays, manifests: Manifests) -> None:
        self._problems = problems
        self._reading = reading
        self._bays = bays
        self._manifests = manifests
        self._selectable: dict[tuple[str, str], tuple[Labelled, ...]] = {}
        self.pods: list[model.Pod] = []
        self.services: list[model.Service] = []
        self.containers: list[model.Container] = []
        self.warnings: list[str] = []

    def add_pod(self, expanded: Expanded) -> None:
        self._fits(expanded.subject, "kubernetes")
        document = self._reading.read(PodDocument, expanded.subject)
        if document is None:
            return
        self._refuse_shared_ports(document, expanded.subject)
        labels = document.labels or ({} if document.manifest else {"app": expanded.name})
        self.pods.append(
            model.Pod(
                name=expanded.name,
                bay=document.bay,
                namespace=document.namespace,
                labels=labels,
                replicas=document.replicas,
                containers=tuple(_pod_containers(expanded.name, document)),
                manifest=self._manifest(document, expanded) if document.manifest else None,
            )
        )
        if not document.manifest:
            port_names = frozenset(
                port.name for container in self.pods[-1].containers for port in container.ports if port.name
            )
            pod = Labelled(document.namespace, labels, port_names)
            self._selectable[document.bay, expanded.name] = (pod,)

    def add_service(self, expanded: Expanded, pods: Written) -> None:
        self._fits(expanded.subject, "kubernetes")
        document = self._reading.read(ServiceDocument, expanded.subject)
        if document is None or not self._pod_exists(document, expanded.subject, pods):
            return
        bay = document.bay
        if bay is None:
            return
        owner = self._selectable.get((bay, document.pod), ()) if document.pod else ()
        selector = document.selector or (owner[0].labels if owner else {})
        if not selector:
            self._tell_no_labels(document, expanded.subject)
            return
        namespace = document.namespace or (owner[0].namespace if owner else "default")
        self.services.append(
            model.Service(
                name=expanded.name,
                bay=bay,
                namespace=namespace,
                labels=document.labels,
                selector=selector,
                ports=tuple(_service_ports(document)),
                type=document.type,
            )
        )
        self._refuse_taken_node_ports(document, expanded.subject, bay)
        self._warn_of_no_pods(self.services[-1], expanded.subject)

    def add_container(self, expanded: Expanded) -> None:
        bay = self._fits(expanded.subject, "docker")
        document = self._reading.read(ContainerDocument, expanded.subject)
        if document is None:
            return
        if bay and document.node and document.node not in {name for _, name in bay.nodes}:
            message = f"the bay {bay.name} has no node {document.node}"
            hint = did_you_mean(document.node, (name for _, name in bay.nodes), "its nodes")
            self._tell(expanded.subject, "node", message, hint)
        container = model.Container(
            name=expanded.name,
            bay=document.bay,
            image=document.image,
            command=document.command,
            env=document.env,
            ports=tuple(
                model.PublishedPort(
                    container_port=port.container_port,
                    host_port=port.host_port,
                    host_ip=port.host_ip,
                    protocol=port.protocol,
                )
                for port in document.ports
            ),
            restart=document.restart,
            labels=document.labels,
            node=document.node,
        )
        self._refuse_taken_host_ports(container, expanded.subject, bay)
        self.containers.append(container)

    def _tell(self, subject: Subject, key: str, message: str, hint: str = "") -> None:
        self._problems.add(subject.place_at(key), message, hint, subject.path_to(key))

    def _fits(self, subject: Subject, coe: model.Coe) -> model.Bay | None:
        """The workload's bay if it is sound and has the right engine."""
        name = subject.node.text_of("bay") if isinstance(subject.node, MappingNode) else None
        if not name:
            return None
        bay = self._bays.bays.get(name)
        if bay is None and name not in self._bays.names:
            hint = did_you_mean(name, self._bays.names, "bays")
            self._tell(subject, "bay", f"there is no bay {name}", hint)
        elif bay and bay.coe != coe:
            section = subject.path.partition(".")[0]
            fitting = "containers" if coe == "kubernetes" else "pods"
            message = f"{section} need a {ENGINES[coe]} bay, {name} is a {ENGINES[bay.coe]} bay"
            self._tell(subject, "bay", message, f"on {name} use {fitting}")
        return bay if bay and bay.coe == coe else None

    def _manifest(self, document: PodDocument, expanded: Expanded) -> str:
        subject = expanded.subject
        variables: Mapping[str, Value] = expanded.variables
        place, path = subject.place_at("manifest"), subject.path_to("manifest")
        manifest = self._manifests.read(str(document.manifest), place, path, variables)
        if manifest is None:
            return ""
        self._selectable[document.bay, expanded.name] = manifest.pods
        return manifest.text

    def _refuse_shared_ports(self, document: PodDocument, subject: Subject) -> None:
        """Containers of one pod share its address."""
        taken: dict[tuple[int, str], str] = {}
        for name, container in (document.containers or {}).items():
            for index, port in enumerate(container.ports):
                other = taken.setdefault((port.container_port, port.protocol), name)
                if other != name:
                    route = ("containers", name, "ports", index)
                    message = f"port {port.container_port}/{port.protocol} is the container {other}'s already"
                    self._problems.add(subject.place_at(*route), message, path=subject.path_to(*route))

    def _pod_exists(self, document: ServiceDocument, subject: Subject, pods: Written) -> bool:
        """False when the service's pod is not there, or is there but was not sound: told already."""
        pod = document.pod
        if pod is None:
            return True
        if pod not in pods:
            self._tell(subject, "pod", f"there is no pod {pod}", did_you_mean(pod, pods, "pods"))
            return False
        homes = {known.bay for known in self.pods if known.name == pod}
        if homes and document.bay not in homes:
            message = f"the pod {pod} is in the bay {', '.join(sorted(homes))}, not in {document.bay}"
            self._tell(subject, "bay", message, "leave bay out")
        return document.bay in homes

    def _tell_no_labels(self, document: ServiceDocument, subject: Subject) -> None:
        pod = next((pod for pod in self.pods if pod.name == document.pod and pod.bay == document.bay), None)
        if pod and pod.manifest:
            message = f"the manifest of the pod {pod.name} labels no pod that the service could select"
            self._tell(subject, "pod", message, "give the service a selector")

    def _refuse_taken_node_ports(self, document: ServiceDocument, subject: Subject, bay: str) -> None:
        taken = {
            port.node_port: service.name
            for service in self.services[:-1]
            if service.bay == bay
            for port in service.ports
        }
        for index, port in enumerate(document.ports):
            if port.node_port and port.node_port in taken:
                message = f"node_port {port.node_port} is the service {taken[port.node_port]}'s already"
                route = ("ports", index)
                self._problems.add(subject.place_at(*route), message, path=subject.path_to(*route))

    def _warn_of_no_pods(self, service: model.Service, subject: Subject) -> None:
        selected = [
            pod
            for (bay, _), pods in self._selectable.items()
            if bay == service.bay
            for pod in pods
            if pod.namespace == service.namespace and service.selector.items() <= pod.labels.items()
        ]
        if not selected:
            self._warn(subject, f"the service {service.name} selects no pod of the blueprint in {service.bay}")
        known = [pod.port_names for pod in selected if pod.port_names is not None]
        for port in service.ports:
            missing = isinstance(port.target_port, str) and known and not any(port.target_port in n for n in known)
            if missing:
                self._warn(subject, f"no pod of the service {service.name} names a port {port.target_port}")

    def _warn(self, subject: Subject, message: str) -> None:
        warning = f"{subject.key.file}:{subject.key.line}: {message}"
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _refuse_taken_host_ports(self, container: model.Container, subject: Subject, bay: model.Bay | None) -> None:
        if bay is None:
            return
        for index, port in enumerate(container.ports):
            if message := self._clash(container, port, bay, container.ports[:index]):
                route = ("ports", index)
                self._problems.add(subject.place_at(*route), message, path=subject.path_to(*route))

    def _clash(
        self,
        container: model.Container,
        port: model.PublishedPort,
        bay: model.Bay,
        before: Iterable[model.PublishedPort],
    ) -> str:
        """Why the port cannot be published, empty when it can."""
        shown = f"host port {port.host_port}/{port.protocol}"
        if port.host_port == DOCKER_PORT and port.protocol == "tcp":
            return f"{shown} is the Docker engine's own on every node"
        if any(_same_socket(port, other) for other in before):
            return f"{shown} is published twice"
        rivals = [
            other
            for other in self.containers
            if other.bay == bay.name and any(_same_socket(port, taken) for taken in other.ports)
        ]
        for other in rivals:
            if container.node and other.node == container.node:
                return f"{shown} of {other.node} is published by the container {other.name} already"
        if len(rivals) >= len(bay.nodes):
            names = ", ".join(other.name for other in rivals[:5])
            return f"{shown} is published by {names} already, one for each node of {bay.name}"
        return ""


def _same_socket(one: model.PublishedPort, other: model.PublishedPort) -> bool:
    everywhere = {"0.0.0.0", "::"}  # noqa: S104 compared, not bound
    same_address = one.host_ip == other.host_ip or bool({one.host_ip, other.host_ip} & everywhere)
    same_port = one.host_port is not None and one.host_port == other.host_port
    return same_port and one.protocol == other.protocol and same_address


def _pod_containers(name: str, document: PodDocument) -> Iterable[model.PodContainer]:
    if document.image is not None:
        yield model.PodContainer(
            name=name,
            image=document.image,
            command=document.command,
            args=document.args,
            env=document.env,
            ports=_container_ports(document),
        )
    for inner, container in (document.containers or {}).items():
        yield model.PodContainer(
            name=inner,
            image=container.image,
            command=container.command,
            args=container.args,
            env=container.env,
            ports=_container_ports(container),
        )


def _container_ports(document: PodDocument | PodContainerDocument) -> tuple[model.ContainerPort, ...]:
    return tuple(
        model.ContainerPort(container_port=port.container_port, protocol=port.protocol, name=port.name)
        for port in document.ports
    )


def _service_ports(document: ServiceDocument) -> Iterable[model.ServicePort]:
    """Kubernetes wants names as soon as there are several ports."""
    several = len(document.ports) > 1
    for port in document.ports:
        target = port.target_port or str(port.port)
        yield model.ServicePort(
            port=port.port,
            target_port=int(target) if target.isdecimal() else target,
            protocol=port.protocol,
            name=port.name or (f"{port.protocol.lower()}-{port.port}" if several else None),
            node_port=port.node_port,
        )
