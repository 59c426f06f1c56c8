"""Terraform's machine-readable stream (`-json`, ui version 1), line by line, into values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from magnumctl.terraform.plan import Action, ResourceChange

EventKind = Literal["start", "progress", "complete", "errored", "message", "drift"]


@dataclass(frozen=True)
class TerraformEvent:
    """`elapsed` in seconds; `id` is the cloud's id of the resource, known when it is complete."""

    kind: EventKind
    address: str
    action: str = ""
    id: str | None = None
    elapsed: float = 0.0
    message: str = ""


@dataclass(frozen=True)
class Diagnostic:
    summary: str
    detail: str = ""
    address: str = ""

    def redacted(self, redact: Callable[[str], str]) -> Diagnostic:
        return Diagnostic(redact(self.summary), redact(self.detail), self.address)


Report = Callable[[TerraformEvent], None]

SERVER = "openstack_compute_instance_v2"
HOOKS: Mapping[str, EventKind] = {
    "apply_start": "start",
    "apply_progress": "progress",
    "apply_complete": "complete",
    "apply_errored": "errored",
    "refresh_start": "progress",
}
ACTIONS: Mapping[str, Action] = {
    "create": "create",
    "update": "update",
    "replace": "replace",
    "delete": "delete",
    "noop": "none",
    "move": "none",
}


def unheard(_event: TerraformEvent) -> None:
    """A report for those who want none."""


class Transcript:
    """Everything one run said; events are passed on as they come."""

    def __init__(self, report: Report) -> None:
        self.changes: list[ResourceChange] = []
        self.errors: list[Diagnostic] = []
        self.unread: list[str] = []
        self._drift: list[ResourceChange] = []
        self._report = report

    def hear(self, line: str) -> None:
        """Lines that are no JSON objects are kept for a failure without a diagnostic (a panic, a loader's words)."""
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            self.unread.append(line)
        elif said.get("type") in HOOKS:
            self._report(_event(HOOKS[said["type"]], said))
        elif said.get("type") == "planned_change":
            self.changes.extend(_changes(said))
        elif said.get("type") == "resource_drift":
            self._drift.extend(_changes(said))
        elif said.get("@level") in {"error", "warn"}:
            self._hear_diagnostic(said)

    def drift(self) -> tuple[ResourceChange, ...]:
        """What somebody changed and this plan would put back.

        Terraform also counts what clouds fill in by themselves (a port's device, a server's status) as drift;
        of those the plan changes nothing.
        """
        touched = {change.address for change in self.changes if change.action != "none"}
        return tuple(change for change in self._drift if change.address in touched)

    def _hear_diagnostic(self, said: Mapping[str, Any]) -> None:
        """Terraform 1.15 says some errors as plain log lines: a level and a message, no diagnostic."""
        found = said.get("diagnostic", {})
        summary = found.get("summary") or _message(said).removeprefix("Error: ")
        diagnostic = Diagnostic(summary, found.get("detail", ""), found.get("address", ""))
        if said["@level"] == "error":
            self.errors.append(diagnostic)
        else:
            self._report(TerraformEvent("message", diagnostic.address, message=diagnostic.summary))


def _event(kind: EventKind, said: Mapping[str, Any]) -> TerraformEvent:
    """Terraform applies data sources too; to read is no deed."""
    hook = said.get("hook", {})
    return TerraformEvent(
        "progress" if hook.get("action", "read") == "read" else kind,
        address=hook.get("resource", {}).get("addr", ""),
        action=hook.get("action", "read"),
        id=hook.get("id_value"),
        elapsed=float(hook.get("elapsed_seconds", 0)),
        message=_message(said),
    )


def _changes(said: Mapping[str, Any]) -> list[ResourceChange]:
    """None for what changes nothing in the cloud: data sources, imports, forgotten resources."""
    change = said.get("change", {})
    action = ACTIONS.get(change.get("action", ""))
    resource = change.get("resource", {})
    if action is None:
        return []
    return [
        ResourceChange(
            address=resource.get("addr", ""),
            kind=resource.get("resource_type", ""),
            action=action,
            reason=change.get("reason", ""),
            node=_node(resource),
        )
    ]


def _node(resource: Mapping[str, Any]) -> str | None:
    """A server's key is the name of its node."""
    key = resource.get("resource_key")
    return key if isinstance(key, str) and resource.get("resource_type") == SERVER else None


def _message(said: Mapping[str, Any]) -> str:
    return str(said.get("@message", ""))
