from __future__ import annotations

import json

from magnumctl.terraform.events import Diagnostic, TerraformEvent, Transcript
from magnumctl.terraform.plan import ResourceChange

SERVER = {
    "addr": 'module.node_group["workers"].openstack_compute_instance_v2.this["workers-0"]',
    "module": 'module.node_group["workers"]',
    "resource_type": "openstack_compute_instance_v2",
    "resource_key": "workers-0",
}
GROUP = {
    "addr": 'module.node_group["workers"].openstack_compute_servergroup_v2.this["anti-affinity"]',
    "resource_type": "openstack_compute_servergroup_v2",
    "resource_key": "anti-affinity",
}


def heard(*lines: dict[str, object] | str) -> tuple[Transcript, list[TerraformEvent]]:
    events: list[TerraformEvent] = []
    transcript = Transcript(events.append)
    for line in lines:
        transcript.hear(line if isinstance(line, str) else json.dumps(line))
    return transcript, events


def planned(resource: dict[str, str], action: str, reason: str = "") -> dict[str, object]:
    return {"type": "planned_change", "change": {"resource": resource, "action": action, "reason": reason}}


def test_a_servers_key_is_its_node() -> None:
    """Other resources have keys too, which name no node."""
    transcript, _ = heard(planned(SERVER, "replace", "replace_triggered_by"), planned(GROUP, "create"))
    assert transcript.changes == [
        ResourceChange(SERVER["addr"], SERVER["resource_type"], "replace", "replace_triggered_by", "workers-0"),
        ResourceChange(GROUP["addr"], GROUP["resource_type"], "create"),
    ]


def test_reading_changes_nothing() -> None:
    """Data sources and imports are in Terraform's plan, not in ours; a move is no change."""
    transcript, _ = heard(*(planned(SERVER, action) for action in ("read", "import", "forget", "move", "noop")))
    assert [change.action for change in transcript.changes] == ["none", "none"]


def test_progress_is_told_as_it_comes() -> None:
    """Start, progress, completion with the cloud's id, and error are events with their seconds."""
    hook = {"resource": SERVER, "action": "create"}
    _, events = heard(
        {"type": "apply_start", "hook": hook, "@message": "Creating..."},
        {"type": "apply_progress", "hook": {**hook, "elapsed_seconds": 10}},
        {"type": "apply_complete", "hook": {**hook, "elapsed_seconds": 12, "id_key": "id", "id_value": "f00"}},
        {"type": "apply_errored", "hook": {**hook, "elapsed_seconds": 13}},
    )
    assert events == [
        TerraformEvent("start", SERVER["addr"], "create", message="Creating..."),
        TerraformEvent("progress", SERVER["addr"], "create", elapsed=10.0),
        TerraformEvent("complete", SERVER["addr"], "create", id="f00", elapsed=12.0),
        TerraformEvent("errored", SERVER["addr"], "create", elapsed=13.0),
    ]


def test_reading_is_progress() -> None:
    """A data source is applied like a resource, but it is no deed for a journal."""
    _, events = heard({"type": "apply_start", "hook": {"resource": SERVER, "action": "read"}})
    assert [event.kind for event in events] == ["progress"]


def drifted(resource: dict[str, str], action: str) -> dict[str, object]:
    return {"type": "resource_drift", "change": {"resource": resource, "action": action}}


def test_drift_is_what_the_plan_puts_back() -> None:
    """A deleted server is drift; what the cloud filled in by itself (the group's members) is none."""
    transcript, _ = heard(drifted(SERVER, "delete"), drifted(GROUP, "update"), planned(SERVER, "create"))
    assert [(change.address, change.action) for change in transcript.drift()] == [(SERVER["addr"], "delete")]


def test_errors_are_kept_and_warnings_told() -> None:
    """A diagnostic has its resource."""
    transcript, events = heard(
        {"@level": "error", "type": "diagnostic", "diagnostic": {"summary": "no", "detail": "why", "address": "a.b"}},
        {"@level": "warn", "type": "diagnostic", "diagnostic": {"summary": "careful"}},
    )
    assert (transcript.errors, [event.message for event in events]) == ([Diagnostic("no", "why", "a.b")], ["careful"])


def test_an_error_may_be_a_plain_line() -> None:
    """Terraform 1.15 refuses a plan of another workspace without a diagnostic."""
    transcript, _ = heard(
        {"@level": "error", "@message": 'Error: The plan file describes changes to the "web" workspace'}
    )
    assert transcript.errors == [Diagnostic('The plan file describes changes to the "web" workspace')]


def test_what_is_no_json_is_kept() -> None:
    """A panic is not JSON, and half a line is not either."""
    transcript, events = heard("panic: boom", '{"type":', "[1]", "")
    assert (transcript.unread, events) == (["panic: boom", '{"type":', "[1]", ""], [])


def test_unknown_lines_are_passed_over() -> None:
    """Terraform promises to add kinds of lines within a version."""
    transcript, events = heard(
        {"type": "tomorrow", "@level": "info"}, {"type": "apply_start"}, {"type": "planned_change"}
    )
    assert (transcript.changes, [event.address for event in events]) == ([], [""])
