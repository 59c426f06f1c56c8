"""Pods, services and containers become those of the model; what their bay cannot take is told."""

from __future__ import annotations

from . import model
from .bays import Bays
from .document_workload import ContainerDocument, PodDocument, ServiceDocument
from .expansion import Expanded
from .manifest import Manifests
from .ports import HostPorts
from .problems import Problems, did_you_mean
from .sections import Written
from .selection import Selectable, labelled
from .tree import MappingNode
from .wording import Reading, Subject
from .workload_values import container_of, pod_containers, service_ports

ENGINES = {"kubernetes": "Kubernetes", "docker": "Docker"}
SHORTEST_CONTAINER_NAME = 2
"""Docker: [a-zA-Z0-9][a-zA-Z0-9_.-]+"""


class Workloads:
    def __init__(self, problems: Problems, reading: Reading, bays: Bays, manifests: Manifests) -> None:
        self._problems = problems
        self._reading = reading
        self._bays = bays
        self._manifests = manifests
        self._selectable = Selectable()
        self._host_ports = HostPorts()
        self._node_ports: dict[tuple[str, int], str] = {}
        self._homes: dict[str, dict[str, model.Pod]] = {}
        self.pods: list[model.Pod] = []
        self.services: list[model.Service] = []
        self.containers: list[model.Container] = []
        self._warned: dict[str, None] = {}

    def add_pod(self, expanded: Expanded) -> None:
        self._fits(expanded.subject, "kubernetes")
        document = self._reading.read(PodDocument, expanded.subject)
        if document is None:
            return
        self._refuse_shared_ports(document, expanded.subject)
        pod = model.Pod(
            name=expanded.name,
            bay=document.bay,
            namespace=document.namespace,
            labels=document.labels or ({} if document.manifest else {"app": expanded.name}),
            replicas=document.replicas,
            containers=tuple(pod_containers(expanded.name, document)),
            manifest=self._manifest(document, expanded) if document.manifest else None,
        )
        if pod.manifest is None:
            self._selectable.add(pod.bay, pod.name, labelled(pod))
        self._homes.setdefault(pod.name, {})[pod.bay] = pod
        self.pods.append(pod)

    def add_service(self, expanded: Expanded, pods: Written) -> None:
        self._fits(expanded.subject, "kubernetes")
        document = self._reading.read(ServiceDocument, expanded.subject)
        if document is None or not self._pod_exists(document, expanded.subject, pods):
            return
        bay = document.bay
        if bay is None:
            return
        owner = self._selectable.of_pod(bay, document.pod) if document.pod else ()
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
                ports=tuple(service_ports(document)),
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
        if len(expanded.name) < SHORTEST_CONTAINER_NAME:
            message = f"the container {expanded.name} needs a longer name: Docker takes two characters or more"
            self._problems.add(expanded.subject.key, message, path=expanded.subject.path)
        container = container_of(expanded.name, document)
        self._refuse_taken_host_ports(container, expanded.subject, bay)
        self.containers.append(container)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self._warned)

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
        place, path = subject.place_at("manifest"), subject.path_to("manifest")
        manifest = self._manifests.read(str(document.manifest), place, path, expanded.variables)
        if manifest is None:
            return ""
        for pod in manifest.pods:
            self._selectable.add(document.bay, expanded.name, pod)
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
        homes = self._homes.get(pod, {})
        if homes and document.bay not in homes:
            message = f"the pod {pod} is in the bay {', '.join(sorted(homes))}, not in {document.bay}"
            self._tell(subject, "bay", message, "leave bay out")
        return document.bay in homes

    def _tell_no_labels(self, document: ServiceDocument, subject: Subject) -> None:
        pod = self._homes.get(document.pod or "", {}).get(document.bay or "")
        if pod and pod.manifest:
            message = f"the manifest of the pod {pod.name} labels no pod that the service could select"
            self._tell(subject, "pod", message, "give the service a selector")

    def _refuse_taken_node_ports(self, document: ServiceDocument, subject: Subject, bay: str) -> None:
        name = subject.path.partition(".")[2]
        for index, port in enumerate(document.ports):
            owner = self._node_ports.setdefault((bay, port.node_port), name) if port.node_port else name
            if owner != name:
                message = f"node_port {port.node_port} is the service {owner}'s already"
                route = ("ports", index)
                self._problems.add(subject.place_at(*route), message, path=subject.path_to(*route))

    def _warn_of_no_pods(self, service: model.Service, subject: Subject) -> None:
        selected = self._selectable.by(service)
        if not selected:
            self._warn(subject, f"the service {service.name} selects no pod of the blueprint in {service.bay}")
            return
        for port in service.ports:
            if isinstance(port.target_port, str) and not any(pod.names_port(port.target_port) for pod in selected):
                self._warn(subject, f"no pod of the service {service.name} names a port {port.target_port}")

    def _warn(self, subject: Subject, message: str) -> None:
        self._warned.setdefault(f"{subject.key.file}:{subject.key.line}: {message}")

    def _refuse_taken_host_ports(self, container: model.Container, subject: Subject, bay: model.Bay | None) -> None:
        for index, port in enumerate(container.ports if bay else ()):
            if bay and (clash := self._host_ports.claim(container, port, bay)):
                route = ("ports", index)
                self._problems.add(subject.place_at(*route), clash, path=subject.path_to(*route))
