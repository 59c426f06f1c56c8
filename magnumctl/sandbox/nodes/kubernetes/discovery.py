"""/api and /apis: what this server serves, in the old form and aggregated."""

from __future__ import annotations

from collections.abc import Iterable

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import no_such_path
from magnumctl.sandbox.nodes.kubernetes.kinds import VERBS, Kind
from magnumctl.sandbox.nodes.kubernetes.registry import Registry

AGGREGATED = "g=apidiscovery.k8s.io"
SUB_VERBS = {
    "log": ["get"], "exec": ["create", "get"], "binding": ["create"], "eviction": ["create"], "token": ["create"],
    "finalize": ["update"],
}  # fmt: skip
SUB_KINDS = {
    "scale": ("autoscaling", "v1", "Scale"), "exec": ("", "v1", "PodExecOptions"), "binding": ("", "v1", "Binding"),
    "eviction": ("policy", "v1", "Eviction"), "token": ("authentication.k8s.io", "v1", "TokenRequest"),
}  # fmt: skip
REVIEWS = (("authorization.k8s.io", "SelfSubjectAccessReview", "selfsubjectaccessreviews"),
           ("authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews"))  # fmt: skip


class Discovery:
    def __init__(self, registry: Registry, address: str) -> None:
        self._registry = registry
        self._address = address

    def answer(self, path: str, accept: str) -> Json:
        parts = path.strip("/").split("/")
        if AGGREGATED in accept and parts in (["api"], ["apis"]):
            return self._aggregated(core=parts == ["api"], version="v2" if "v=v2;" in accept else "v2beta1")
        if parts == ["api"]:
            places = [{"clientCIDR": "0.0.0.0/0", "serverAddress": self._address}]
            return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": places}
        if parts == ["apis"]:
            return {
                "kind": "APIGroupList",
                "apiVersion": "v1",
                "groups": [self._group(each) for each in self._groups()],
            }
        if parts[0] == "api":
            return self._resources("", parts[1])
        return self._resources(parts[1], parts[2]) if len(parts) == 3 else self._one_group(parts[1])  # noqa: PLR2004

    def _groups(self) -> dict[str, list[str]]:
        found = {group: versions for group, versions in self._registry.versions().items() if group}
        return found | {group: ["v1"] for group, _, _ in REVIEWS}

    def _group(self, name: str) -> Json:
        versions = [{"groupVersion": f"{name}/{each}", "version": each} for each in self._groups()[name]]
        return {"name": name, "versions": versions, "preferredVersion": versions[0]}

    def _one_group(self, name: str) -> Json:
        if name not in self._groups():
            raise no_such_path()
        return {"kind": "APIGroup", "apiVersion": "v1", **self._group(name)}

    def _resources(self, group: str, version: str) -> Json:
        kinds = [kind for kind in self._registry.all() if (kind.group, kind.version) == (group, version)]
        reviews = [_review(name, plural) for held, name, plural in REVIEWS if (held, "v1") == (group, version)]
        if not kinds and not reviews:
            raise no_such_path()
        shown = [each for kind in kinds for each in _described(kind)]
        head: Json = {"kind": "APIResourceList", "apiVersion": "v1"}
        return head | {"groupVersion": f"{group}/{version}".strip("/"), "resources": [*shown, *reviews]}

    def _aggregated(self, core: bool, version: str) -> Json:
        groups = self._registry.versions()
        items = [self._aggregated_group(name, groups[name]) for name in groups if (name == "") == core]
        return {
            "kind": "APIGroupDiscoveryList",
            "apiVersion": f"apidiscovery.k8s.io/{version}",
            "metadata": {},
            "items": items,
        }

    def _aggregated_group(self, name: str, versions: Iterable[str]) -> Json:
        shown = []
        for version in versions:
            kinds = [kind for kind in self._registry.all() if (kind.group, kind.version) == (name, version)]
            resources = [_aggregated_kind(kind) for kind in kinds]
            shown.append({"version": version, "freshness": "Current", "resources": resources})
        return {"metadata": {"name": name} if name else {}, "versions": shown}


def _review(kind: str, plural: str) -> Json:
    return {"name": plural, "singularName": "", "namespaced": False, "kind": kind, "verbs": ["create"]}


def _described(kind: Kind) -> list[Json]:
    main: Json = {"name": kind.plural, "singularName": kind.singular, "namespaced": kind.namespaced, "kind": kind.kind}
    main |= {"verbs": list(VERBS)}
    main |= {"shortNames": list(kind.short_names)} if kind.short_names else {}
    main |= {"categories": list(kind.categories)} if kind.categories else {}
    return [main, *(_described_part(kind, part) for part in kind.subresources)]


def _described_part(kind: Kind, part: str) -> Json:
    group, version, name = SUB_KINDS.get(part, (kind.group, kind.version, kind.kind))
    shown: Json = {"name": f"{kind.plural}/{part}", "singularName": "", "namespaced": kind.namespaced}
    if part in SUB_KINDS:
        shown |= {"group": group, "version": version}
    return shown | {"kind": name, "verbs": SUB_VERBS.get(part, ["get", "patch", "update"])}


def _aggregated_kind(kind: Kind) -> Json:
    shown: Json = {
        "resource": kind.plural, "responseKind": _identity(kind.group, kind.version, kind.kind),
        "scope": "Namespaced" if kind.namespaced else "Cluster", "singularResource": kind.singular,
        "verbs": list(VERBS),
    }  # fmt: skip
    shown |= {"shortNames": list(kind.short_names)} if kind.short_names else {}
    shown |= {"categories": list(kind.categories)} if kind.categories else {}
    parts = [
        {
            "subresource": part,
            "responseKind": _identity(*SUB_KINDS.get(part, (kind.group, kind.version, kind.kind))),
            "verbs": SUB_VERBS.get(part, ["get", "patch", "update"]),
        }
        for part in kind.subresources
    ]
    return shown | ({"subresources": parts} if parts else {})


def _identity(group: str, version: str, kind: str) -> Json:
    return {"group": group, "version": version, "kind": kind}
