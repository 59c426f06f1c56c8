"""metadata.managedFields: who set which field, and how that changes with every write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.fields import ABSENT, Path, fields_of, from_v1, to_v1, value_at
from magnumctl.sandbox.nodes.kubernetes.objects import now


@dataclass(frozen=True)
class Manager:
    name: str
    operation: str
    api_version: str
    subresource: str
    time: str
    fields: frozenset[Path]

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.name, self.operation, self.subresource

    def view(self) -> Json:
        shown: Json = {
            "manager": self.name,
            "operation": self.operation,
            "apiVersion": self.api_version,
            "time": self.time,
        }
        shown |= {"fieldsType": "FieldsV1", "fieldsV1": to_v1(self.fields)}
        return shown | ({"subresource": self.subresource} if self.subresource else {})


def managers_of(body: Json) -> list[Manager]:
    return [
        Manager(
            each.get("manager", ""),
            each.get("operation", "Update"),
            each.get("apiVersion", ""),
            each.get("subresource", ""),
            each.get("time", ""),
            from_v1(each.get("fieldsV1") or {}),
        )
        for each in body["metadata"].get("managedFields") or ()
    ]


def write_managers(body: Json, managers: list[Manager]) -> None:
    shown = [manager.view() for manager in managers if manager.fields]
    if shown:
        body["metadata"]["managedFields"] = shown
    else:
        body["metadata"].pop("managedFields", None)


def updated(before: Json | None, after: Json, name: str, subresource: str = "") -> None:
    """Notes in `after` what an Update by that manager changed: those fields are now this manager's alone."""
    managers = managers_of(before) if before else []
    present = fields_of(after)
    changed = {path for path in present if before is None or value_at(before, path) != value_at(after, path)}
    if subresource == "":
        changed = {path for path in changed if path[0] != "f:status"}
    kept = [replace(each, fields=_surviving(each, after, changed)) for each in managers]
    mine = next((each for each in kept if each.identity == (name, "Update", subresource)), None)
    if changed:
        fields = frozenset(changed) | (mine.fields if mine else frozenset())
        kept = [each for each in kept if each is not mine]
        kept.append(Manager(name, "Update", after["apiVersion"], subresource, now(), fields))
    write_managers(after, kept)


def _surviving(manager: Manager, after: Json, changed: set[Path]) -> frozenset[Path]:
    return frozenset(path for path in manager.fields if path not in changed and value_at(after, path) is not ABSENT)


def same(before: Any, after: Any) -> bool:
    """Equal but for who manages what and when."""
    return _plain(before) == _plain(after)


def _plain(body: Json) -> Json:
    hidden = {"managedFields", "resourceVersion", "generation"}
    metadata = {name: value for name, value in body["metadata"].items() if name not in hidden}
    return {**body, "metadata": metadata}
