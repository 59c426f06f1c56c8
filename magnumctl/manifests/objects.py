"""Pods and services of a blueprint as the Kubernetes objects that are applied to a bay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from magnumctl.blueprint.model import Pod, Service
from magnumctl.errors import BlueprintError

from .documents import documents
from .marks import DIGEST, POD, SERVICE, digest_of, marks
from .pods import pod_body
from .services import service_body
from .templates import with_template_marks

Body = Mapping[str, Any]


@dataclass(frozen=True)
class KubernetesObject:
    """One object to apply. `kind` and `name` are the blueprint's: objects of one manifest share them.

    `namespace` is where the object goes if its kind has namespaces and its body names none.
    """

    kind: Literal["pod", "service"]
    name: str
    namespace: str
    body: Body
    digest: str

    @property
    def api_version(self) -> str:
        return str(self.body["apiVersion"])

    @property
    def object_kind(self) -> str:
        return str(self.body["kind"])

    @property
    def object_name(self) -> str:
        return str(self.body["metadata"]["name"])


def kubernetes_objects(
    bay_name: str, bay_uuid: str, pods: Sequence[Pod], services: Sequence[Service]
) -> tuple[KubernetesObject, ...]:
    """What the bay must hold; BlueprintError for an unreadable manifest or two objects of one name."""
    objects = (
        *(wish for pod in pods for wish in objects_of_pod(bay_name, bay_uuid, pod)),
        *(object_of_service(bay_uuid, service) for service in services),
    )
    refuse_twins(bay_name, objects)
    return objects


def objects_of_pod(bay_name: str, bay_uuid: str, pod: Pod) -> Iterator[KubernetesObject]:
    bodies = [pod_body(pod)] if pod.manifest is None else documents(bay_name, pod.name, pod.manifest)
    for body in bodies:
        marked = marked_body(with_template_marks(body, bay_uuid, pod.name), marks(bay_uuid, POD, pod.name))
        yield KubernetesObject("pod", pod.name, pod.namespace, *with_digest(marked))


def object_of_service(bay_uuid: str, service: Service) -> KubernetesObject:
    marked = marked_body(service_body(service), marks(bay_uuid, SERVICE, service.name))
    return KubernetesObject("service", service.name, service.namespace, *with_digest(marked))


def marked_body(body: Body, labels: Mapping[str, str]) -> dict[str, Any]:
    metadata = body["metadata"]
    return {**body, "metadata": {**metadata, "labels": {**(metadata.get("labels") or {}), **labels}}}


def with_digest(body: Body) -> tuple[Body, str]:
    """The body with its digest in an annotation, and the digest."""
    digest = digest_of(body)
    metadata = body["metadata"]
    annotations = {**(metadata.get("annotations") or {}), DIGEST: digest}
    return {**body, "metadata": {**metadata, "annotations": annotations}}, digest


def refuse_twins(bay_name: str, objects: Sequence[KubernetesObject]) -> None:
    seen: dict[tuple[str, str, str, str], KubernetesObject] = {}
    for wish in objects:
        group = wish.api_version.rpartition("/")[0]
        namespace = wish.body["metadata"].get("namespace", wish.namespace)
        key = (group, wish.object_kind, namespace, wish.object_name)
        twin = seen.setdefault(key, wish)
        if twin is not wish:
            raise BlueprintError(
                f"bay {bay_name}: {wish.kind} {wish.name} and {twin.kind} {twin.name} "
                f"are both the {wish.object_kind} {wish.object_name} in the namespace {namespace}",
                hint="give one of them another name",
            )
