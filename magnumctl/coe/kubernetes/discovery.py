"""Which kinds of object a bay's API server has, and under which paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from magnumctl.coe.parallel import in_parallel

from .refusal import Refused
from .transport import Transport

Json = Mapping[str, Any]
AGGREGATED = (
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
)
"""Ask for the whole discovery in one answer; servers before 1.26 give the plain list."""


@dataclass(frozen=True)
class Resource:
    """`api_version` as in manifests: `v1`, `apps/v1`."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool
    verbs: frozenset[str]

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]

    def path(self, namespace: str = "", name: str = "") -> str:
        """Of one object, or of all (of a namespace)."""
        base = "/apis" if "/" in self.api_version else "/api"
        scope = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{base}/{self.api_version}{scope}/{self.plural}" + (f"/{name}" if name else "")


def discover(api: Transport) -> tuple[Resource, ...]:
    """Every kind in every version served, the preferred version of a group first."""
    core, groups = api.get("/api", AGGREGATED), api.get("/apis", AGGREGATED)
    if core.get("kind") == groups.get("kind") == "APIGroupDiscoveryList":
        return tuple(resource for answer in (core, groups) for resource in aggregated(answer))
    versions = [*core.get("versions", ()), *plain_versions(groups)]
    return tuple(resource for found in in_parallel(lambda version: plain(api, version), versions) for resource in found)


def aggregated(answer: Json) -> Iterator[Resource]:
    for group in answer["items"]:
        name = group["metadata"].get("name", "")
        for version in group["versions"]:
            api_version = f"{name}/{version['version']}" if name else version["version"]
            for each in version.get("resources", ()):
                if "responseKind" in each:
                    yield Resource(
                        api_version,
                        each["responseKind"]["kind"],
                        each["resource"],
                        each["scope"] == "Namespaced",
                        frozenset(each["verbs"]),
                    )


def plain_versions(groups: Json) -> Iterator[str]:
    for group in groups.get("groups", ()):
        preferred = group["preferredVersion"]["groupVersion"]
        yield preferred
        yield from (each["groupVersion"] for each in group["versions"] if each["groupVersion"] != preferred)


def plain(api: Transport, api_version: str) -> tuple[Resource, ...]:
    """Nothing for a group whose own API server (metrics, say) is away."""
    try:
        answer = api.get(f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}")
    except Refused:
        return ()
    return tuple(
        Resource(api_version, each["kind"], each["name"], each["namespaced"], frozenset(each["verbs"]))
        for each in answer["resources"]
        if "/" not in each["name"]
    )
