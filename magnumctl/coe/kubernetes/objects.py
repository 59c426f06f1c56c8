"""Kubernetes objects of one bay: wishes applied and deleted, what carries our mark listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote, urlencode

from magnumctl.coe.parallel import in_parallel
from magnumctl.errors import WorkloadRejectedError
from magnumctl.manifests import KubernetesObject
from magnumctl.manifests.marks import BAY, DIGEST, POD, SERVICE

from .discovery import Resource, discover
from .refusal import Refused
from .transport import Transport

Json = Mapping[str, Any]
Key = tuple[str, str, str, str]
"""Group, kind, namespace, name: what makes an object one and the same in every version of its API."""

MANAGER = "magnumctl"
DERIVED = frozenset({"Event", "Endpoints", "EndpointSlice", "ControllerRevision", "Lease"})
"""Kinds that Kubernetes makes by itself, with labels of ours copied to some."""


@dataclass(frozen=True)
class Live:
    """An object in the bay, ours or in the way of ours. `kind` and `name` are of the blueprint's pod or service."""

    resource: Resource
    body: Json

    @property
    def metadata(self) -> Json:
        found: Json = self.body["metadata"]
        return found

    @property
    def labels(self) -> Mapping[str, str]:
        return self.metadata.get("labels") or {}

    @property
    def kind(self) -> Literal["pod", "service"]:
        return "service" if SERVICE in self.labels else "pod"

    @property
    def name(self) -> str:
        return str(self.labels.get(SERVICE) or self.labels.get(POD) or self.metadata["name"])

    @property
    def digest(self) -> str:
        return str(self.metadata["annotations"][DIGEST])

    @property
    def is_going(self) -> bool:
        return "deletionTimestamp" in self.metadata

    @property
    def key(self) -> Key:
        return (self.resource.group, self.resource.kind, self.metadata.get("namespace", ""), self.metadata["name"])

    @property
    def reference(self) -> str:
        return reference_of(self.key)

    @property
    def path(self) -> str:
        return self.resource.path(self.metadata.get("namespace", ""), quote(self.metadata["name"], safe=":"))


def reference_of(key: Key) -> str:
    return "/".join(part for part in key[1:] if part)


def is_ours(body: Json, bay_uuid: str) -> bool:
    """Carries the mark and was not derived from another object: those have an owner, or lack the digest."""
    metadata = body["metadata"]
    owned = any(owner.get("controller") for owner in metadata.get("ownerReferences") or ())
    marked = (metadata.get("labels") or {}).get(BAY) == bay_uuid
    return marked and DIGEST in (metadata.get("annotations") or {}) and not owned


class Objects:
    def __init__(self, api: Transport, bay_uuid: str) -> None:
        self.api = api
        self.bay_uuid = bay_uuid

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        return discover(self.api)

    def forget_resources(self) -> None:
        """After a CustomResourceDefinition came or went."""
        self.__dict__.pop("resources", None)

    def find(self, api_version: str, kind: str) -> Resource | None:
        wanted = (api_version, kind)
        return next((each for each in self.resources if (each.api_version, each.kind) == wanted), None)

    def resource_of(self, wish: KubernetesObject) -> Resource:
        found = self.find(wish.api_version, wish.object_kind)
        if found is None:
            raise WorkloadRejectedError(
                f"bay {self.api.bay}: {wish.kind} {wish.name} was refused",
                detail=f"the bay knows no kind {wish.object_kind} in {wish.api_version}",
                hint="kubectl api-resources lists the kinds; a CustomResourceDefinition adds one",
            )
        return found

    def key_of(self, wish: KubernetesObject) -> Key:
        resource = self.resource_of(wish)
        namespace = wish.body["metadata"].get("namespace") or wish.namespace
        return (resource.group, resource.kind, namespace if resource.namespaced else "", wish.object_name)

    def path_of(self, wish: KubernetesObject) -> str:
        _, _, namespace, name = self.key_of(wish)
        return self.resource_of(wish).path(namespace, quote(name, safe=":"))

    def read(self, wish: KubernetesObject) -> Json | None:
        """Whatever has the name of the wish, ours or not."""
        try:
            return self.api.get(self.path_of(wish))
        except Refused as exc:
            if exc.kind == "missing":
                return None
            raise

    def apply(self, wish: KubernetesObject) -> Json:
        """Server-side apply, never taking a field from another manager by force."""
        return self.api.apply(f"{self.path_of(wish)}?{urlencode(apply_options())}", wish.body)

    def rehearse(self, wish: KubernetesObject) -> Json:
        """What `apply` would make, checked by the server and not kept."""
        return self.api.apply(f"{self.path_of(wish)}?{urlencode({**apply_options(), 'dryRun': 'All'})}", wish.body)

    def delete(self, live: Live) -> None:
        """Of this very object: one of the same name made since is left alone. Gone already is as good."""
        options = {"propagationPolicy": "Background", "preconditions": {"uid": live.metadata["uid"]}}
        try:
            self.api.delete(live.path, {"apiVersion": "v1", "kind": "DeleteOptions", **options})
        except Refused as exc:
            if exc.kind != "missing":
                raise

    def inventory(self) -> tuple[Live, ...]:
        """Everything of ours, of every kind that could be ours."""
        kinds = {(each.group, each.kind): each for each in reversed(self.resources) if may_hold_ours(each)}
        return self.of_kinds(tuple(reversed(kinds.values())))

    def of_kinds(self, resources: Sequence[Resource]) -> tuple[Live, ...]:
        return tuple(live for found in in_parallel(self.marked, resources) for live in found)

    def marked(self, resource: Resource) -> tuple[Live, ...]:
        """Nothing of a kind that cannot be listed: its own API server is away, or we may not see it."""
        try:
            bodies = self.list(resource.path(), f"{BAY}={self.bay_uuid}")
        except Refused:
            return ()
        return tuple(Live(resource, body) for body in bodies if is_ours(body, self.bay_uuid))

    def list(self, path: str, label_selector: str) -> tuple[Json, ...]:
        return tuple(self.api.get(f"{path}?{urlencode({'labelSelector': label_selector})}").get("items") or ())


def apply_options() -> dict[str, str]:
    return {"fieldManager": MANAGER, "fieldValidation": "Strict"}


def may_hold_ours(resource: Resource) -> bool:
    return resource.kind not in DERIVED and {"list", "patch", "delete"} <= resource.verbs
