"""A container's environment, resolved as its kubelet would."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import at, namespace_of
from magnumctl.sandbox.nodes.kubernetes.store import Store

CONFIG_MAP, SECRET = find_built_in("ConfigMap"), find_built_in("Secret")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class ConfigError(Exception):
    """CreateContainerConfigError: something that the container's environment refers to is not there."""


def environment_of(store: Store, pod: Json, container: Json) -> dict[str, str]:
    found = {"PATH": PATH, "HOSTNAME": at(pod, "metadata.name"), "KUBERNETES_SERVICE_PORT": "443"}
    for source in container.get("envFrom") or ():
        found |= _all_of(store, pod, source)
    for variable in container.get("env") or ():
        found[variable["name"]] = _value(store, pod, variable, found)
    return found


def _all_of(store: Store, pod: Json, source: Mapping[str, Any]) -> dict[str, str]:
    reference = source.get("configMapRef") or source.get("secretRef") or {}
    kind = CONFIG_MAP if "configMapRef" in source else SECRET
    values = _held(store, pod, kind is CONFIG_MAP, reference.get("name", ""), bool(reference.get("optional")))
    return {source.get("prefix", "") + name: value for name, value in values.items()}


def _held(store: Store, pod: Json, plain: bool, name: str, optional: bool) -> dict[str, str]:
    body = store.find(CONFIG_MAP if plain else SECRET, namespace_of(pod), name)
    if body is None and not optional:
        raise ConfigError(f'{"configmap" if plain else "secret"} "{name}" not found')
    data = (body or {}).get("data") or {}
    return (
        dict(data) if plain else {key: base64.b64decode(value).decode(errors="replace") for key, value in data.items()}
    )


def _value(store: Store, pod: Json, variable: Mapping[str, Any], found: Mapping[str, str]) -> str:
    source = variable.get("valueFrom") or {}
    if "fieldRef" in source:
        return _field(pod, source["fieldRef"]["fieldPath"])
    for word, plain in (("configMapKeyRef", True), ("secretKeyRef", False)):
        if word in source:
            return _key(store, pod, source[word], plain)
    text = variable.get("value") or ""
    return re.sub(r"\$\((\w+)\)", lambda match: found.get(match[1], match[0]), text)


def _key(store: Store, pod: Json, reference: Mapping[str, Any], plain: bool) -> str:
    optional = bool(reference.get("optional"))
    values = _held(store, pod, plain, reference["name"], optional)
    if reference["key"] not in values and not optional:
        kind = "ConfigMap" if plain else "Secret"
        raise ConfigError(f"couldn't find key {reference['key']} in {kind} {namespace_of(pod)}/{reference['name']}")
    return values.get(reference["key"], "")


def _field(pod: Json, path: str) -> str:
    match = re.match(r"^metadata\.(labels|annotations)\['(.+)'\]$", path)
    if match:
        return str(at(pod, f"metadata.{match[1]}", {}).get(match[2], ""))
    return str(at(pod, path, ""))
