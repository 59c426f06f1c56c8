"""Which pods of the blueprint a service selects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import model


@dataclass(frozen=True)
class Labelled:
    """Pods with one set of labels. `port_names` None: they come from a manifest and were not looked at."""

    namespace: str
    labels: Mapping[str, str]
    port_names: frozenset[str] | None = None

    def names_port(self, name: str) -> bool:
        return self.port_names is None or name in self.port_names


class Selectable:
    def __init__(self) -> None:
        self._of_pod: dict[tuple[str, str], tuple[Labelled, ...]] = {}
        self._by_label: dict[tuple[str, str, str, str], list[Labelled]] = {}

    def add(self, bay: str, pod: str, labelled: Labelled) -> None:
        self._of_pod[bay, pod] = (*self.of_pod(bay, pod), labelled)
        for key, value in labelled.labels.items():
            self._by_label.setdefault((bay, labelled.namespace, key, value), []).append(labelled)

    def of_pod(self, bay: str, pod: str) -> tuple[Labelled, ...]:
        return self._of_pod.get((bay, pod), ())

    def by(self, service: model.Service) -> list[Labelled]:
        """Looks only through the pods of the selector's rarest label."""
        places = ((service.bay, service.namespace, key, value) for key, value in service.selector.items())
        rarest = min((self._by_label.get(place, []) for place in places), key=len)
        return [pod for pod in rarest if service.selector.items() <= pod.labels.items()]


def labelled(pod: model.Pod) -> Labelled:
    ports = (port.name for container in pod.containers for port in container.ports)
    return Labelled(pod.namespace, pod.labels, frozenset(name for name in ports if name))
