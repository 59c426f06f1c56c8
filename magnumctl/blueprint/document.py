"""One blueprint file as the user writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from .document_bay import BayDocument, BaymodelDocument
from .document_workload import ContainerDocument, PodDocument, ServiceDocument
from .problems import quoted
from .words import Document, Name, Words, wrong

VERSION = 1


def _version(value: Any) -> Any:
    if value == str(VERSION):
        return VERSION
    if isinstance(value, str):
        raise wrong(f"this magnumctl reads blueprints of version {VERSION}, not {quoted(value)}", "version: 1")
    return value


class BlueprintDocument(Document):
    version: Annotated[Literal[1], BeforeValidator(_version, json_schema_input_type=Literal[1])]
    """Version of the blueprint's language."""
    cloud: Words | None = None
    """An entry of clouds.yaml, or sandbox. Overridden by --cloud and OS_CLOUD."""
    baymodels: dict[Name, BaymodelDocument] | None = None
    """Templates for bays, by name."""
    bays: dict[Name, BayDocument] | None = None
    """Bays, by name."""
    pods: dict[Name, PodDocument] | None = None
    """Pods of Kubernetes bays, by name."""
    services: dict[Name, ServiceDocument] | None = None
    """Services of Kubernetes bays, by name."""
    containers: dict[Name, ContainerDocument] | None = None
    """Containers of Docker bays, by name."""
    variables: dict[str, Any] | None = None
    """Variables for {{ name }} in any string value, with their defaults; null must be given by --var."""
