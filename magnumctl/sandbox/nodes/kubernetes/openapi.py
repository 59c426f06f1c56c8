"""The least of /openapi that kubectl needs: that every kind exists and is validated by the server."""

from __future__ import annotations

from collections.abc import Iterable

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.failures import no_such_path
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.registry import Registry

ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
PARAMETERS = [
    {"name": "fieldValidation", "in": "query", "schema": {"type": "string", "uniqueItems": True}},
    {"name": "dryRun", "in": "query", "schema": {"type": "string", "uniqueItems": True}},
]


class OpenApi:
    def __init__(self, registry: Registry, version: str) -> None:
        self._registry = registry
        self._version = version

    def answer(self, path: str) -> Json:
        if path == "/openapi/v2":
            return self._second()
        if path == "/openapi/v3":
            return {"paths": {each: {"serverRelativeURL": f"/openapi/v3/{each}"} for each in self._places()}}
        return self._third(path.removeprefix("/openapi/v3/"))

    def _places(self) -> Iterable[str]:
        return dict.fromkeys(_place(kind) for kind in self._registry.all())

    def _third(self, place: str) -> Json:
        kinds = [kind for kind in self._registry.all() if _place(kind) == place]
        if not kinds:
            raise no_such_path()
        schemas = {_schema_name(kind): _schema(kind) for kind in kinds}
        paths = {path: item for kind in kinds for path, item in _paths(kind).items()}
        return {"openapi": "3.0.0", "info": self._title(), "paths": paths, "components": {"schemas": schemas}}

    def _second(self) -> Json:
        kinds = list(self._registry.all())
        paths = {path: item for kind in kinds for path, item in _paths(kind).items()}
        definitions = {_schema_name(kind): _schema(kind) for kind in kinds}
        return {"swagger": "2.0", "info": self._title(), "paths": paths, "definitions": definitions}

    def _title(self) -> Json:
        return {"title": "Kubernetes", "version": self._version}


def _place(kind: Kind) -> str:
    return f"apis/{kind.api_version}" if kind.group else f"api/{kind.version}"


def _schema_name(kind: Kind) -> str:
    group = kind.group.removesuffix(".k8s.io") or "core"
    return f"io.k8s.api.{group}.{kind.version}.{kind.kind}"


def _identity(kind: Kind) -> Json:
    return {"group": kind.group, "version": kind.version, "kind": kind.kind}


def _schema(kind: Kind) -> Json:
    return ANYTHING | {
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": ANYTHING,
            "spec": ANYTHING,
        },
        "x-kubernetes-group-version-kind": [_identity(kind)],
    }


def _paths(kind: Kind) -> Json:
    base = f"/{_place(kind)}" + ("/namespaces/{namespace}" if kind.namespaced else "") + f"/{kind.plural}"
    done = {"responses": {"200": {"description": "OK"}}}
    known = {"x-kubernetes-group-version-kind": _identity(kind), "parameters": PARAMETERS, **done}
    post = {"post": {"x-kubernetes-action": "post", **known}, "get": {"x-kubernetes-action": "list", **known}}
    one = {name: {"x-kubernetes-action": name, **known} for name in ("get", "put", "patch", "delete")}
    return {base: post, f"{base}/{{name}}": one}
