"""A Kubernetes manifest of the user's: rendered, checked to be objects, read for its pods' labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .composer import compose_all
from .files import NamedFiles
from .problems import Problems, UnreadableError
from .rendering import Renderer
from .selection import Labelled
from .tree import MappingNode, Node, Place, ScalarNode, Value


@dataclass(frozen=True)
class Manifest:
    text: str
    pods: tuple[Labelled, ...]


class Manifests:
    def __init__(self, files: NamedFiles, renderer: Renderer, problems: Problems) -> None:
        self._files = files
        self._renderer = renderer
        self._problems = problems

    def read(self, name: str, place: Place, path: str, variables: Mapping[str, Value]) -> Manifest | None:
        """None after a problem was told."""
        found = self._files.read(name, place, path)
        if found is None:
            return None
        file, source = found
        text = self._renderer.text(source, Place(file, 1, 1), path, variables)
        if text is None:
            return None
        try:
            objects = self._objects(file, text, path)
        except UnreadableError as exc:
            self._problems.unreadable(exc)
            return None
        return Manifest(text, tuple(pod for node in objects if (pod := _labelled(node))))

    def _objects(self, file: Path, text: str, path: str) -> list[MappingNode]:
        documents = [node for node in compose_all(file, text, self._problems) if not _is_empty(node)]
        if not documents:
            self._problems.add(Place(file, 1, 1), "the manifest holds no object", path=path)
        return [node for node in documents if self._is_object(node, path) and isinstance(node, MappingNode)]

    def _is_object(self, node: Node, path: str) -> bool:
        if not isinstance(node, MappingNode):
            message = "a manifest is a mapping with apiVersion, kind and metadata"
            self._problems.add(node.place, message, path=path)
            return False
        metadata = _below(node, "metadata")
        lacking = [key for key in ("apiVersion", "kind") if not node.text_of(key)]
        lacking += [] if metadata and metadata.text_of("name") else ["metadata.name"]
        for key in lacking:
            self._problems.add(node.place, f"{key} is missing in this manifest", path=path)
        return not lacking


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.text is None


def _below(node: MappingNode | None, *keys: str) -> MappingNode | None:
    for key in keys:
        pair = node.pairs.get(key) if node else None
        node = pair.value if pair and isinstance(pair.value, MappingNode) else None
    return node


def _labelled(node: MappingNode) -> Labelled | None:
    metadata = _below(node, "metadata")
    labels = _below(metadata, "labels") if node.text_of("kind") == "Pod" else _template_labels(node)
    if not labels:
        return None
    namespace = (metadata.text_of("namespace") if metadata else None) or "default"
    return Labelled(namespace, {key: labels.text_of(key) or "" for key in labels.pairs})


def _template_labels(node: MappingNode) -> MappingNode | None:
    return _below(node, "spec", "template", "metadata", "labels")
