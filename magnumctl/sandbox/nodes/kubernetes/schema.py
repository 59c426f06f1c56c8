"""How fields of built-in kinds merge: which lists are maps by a key, which are sets, what is replaced as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

SET_LISTS = frozenset({"finalizers"})
ATOMIC = frozenset(
    {"selector", "nodeSelector", "labelSelector", "namespaceSelector", "roleRef", "configMapKeyRef", "secretKeyRef",
     "fieldRef", "resourceFieldRef", "nodeSelectorTerms", "claimRef"}
)  # fmt: skip
KEYS: Mapping[str, tuple[str, ...]] = {
    "containers": ("name",), "initContainers": ("name",), "ephemeralContainers": ("name",), "env": ("name",),
    "volumes": ("name",), "volumeMounts": ("mountPath",), "volumeDevices": ("devicePath",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",), "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"), "conditions": ("type",),
    "ownerReferences": ("uid",), "schedulingGates": ("name",), "resourceClaims": ("name",), "podIPs": ("ip",),
    "secrets": ("name",), "addresses": ("type",),
}  # fmt: skip
PORT_KEYS: Mapping[str, tuple[str, ...]] = {
    "containers": ("containerPort", "protocol"), "initContainers": ("containerPort", "protocol"),
    "spec": ("port", "protocol"),
}  # fmt: skip
DEFAULTS: Mapping[str, str] = {"protocol": "TCP"}

Names = tuple[str, ...]
"""The field names that lead to a value; list items add none."""


def is_atomic(names: Names) -> bool:
    return bool(names) and names[-1] in ATOMIC


def list_keys(names: Names) -> tuple[str, ...]:
    """The keys of a list that merges item by item; none for a list that is replaced."""
    if not names:
        return ()
    if names[-1] == "ports":
        return PORT_KEYS.get(names[-2] if len(names) > 1 else "", ())
    return KEYS.get(names[-1], ())


def is_keyed(names: Names, items: Sequence[Any]) -> bool:
    keys = list_keys(names)
    return bool(keys) and all(isinstance(each, dict) and keys[0] in each for each in items)


def item_key(names: Names, item: Mapping[str, Any]) -> str:
    """As FieldsV1 writes it: k:{"name":"web"}."""
    key = {name: item.get(name, DEFAULTS.get(name)) for name in list_keys(names) if name in item or name in DEFAULTS}
    return "k:" + json.dumps(key, separators=(",", ":"), sort_keys=True)
