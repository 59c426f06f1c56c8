"""Bays in the ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from magnumctl.errors import BayBusyError, BayNotFoundError, LedgerError
from magnumctl.ledger import NodeRecord, PushedRecord

from .bays import WEB, open_ledger

NODE = NodeRecord("workers-0", "server-id", "198.51.100.4", "workers", "worker")
POD = PushedRecord("pod", "nginx", "digest", "Deployment/default/nginx", "2026-01-02T03:04:05+00:00")


def test_a_recorded_bay_is_found_by_name(tmp_path: Path) -> None:
    """What was recorded is what is read, also by another process's ledger."""
    open_ledger(tmp_path).record_bay(WEB)
    assert open_ledger(tmp_path).bay("web") == WEB


def test_recording_again_changes_the_bay_and_keeps_what_it_has(tmp_path: Path) -> None:
    """An update of the row is no replacement: nodes and secrets hang on it."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    ledger.record_nodes(WEB.uuid, [NODE])
    ledger.seal(WEB.uuid, "secrets", "hush")
    moved = replace(WEB, api_address="198.51.100.9")
    ledger.record_bay(moved)
    assert (ledger.bay("web"), ledger.nodes(WEB.uuid), ledger.unseal(WEB.uuid, "secrets")) == (moved, (NODE,), "hush")


def test_an_unknown_bay_names_the_nearest(tmp_path: Path) -> None:
    """A slip of the finger is met with the name that was meant."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    with pytest.raises(BayNotFoundError) as error:
        ledger.bay("wep")
    assert error.value.detail == "did you mean web?"


def test_a_bay_of_another_project_is_not_found_for_this_one(tmp_path: Path) -> None:
    """Asked with a project id, only that project's bays count."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    with pytest.raises(BayNotFoundError):
        ledger.bay("web", project_id="p2")


def test_two_projects_may_each_have_a_bay_of_one_name(tmp_path: Path) -> None:
    """With the project id each finds its own; without it the name is not enough."""
    ledger = open_ledger(tmp_path)
    other = replace(WEB, uuid="99999999-2222-4333-8444-555555555555", project_id="p2", project_name="prod")
    ledger.record_bay(WEB)
    ledger.record_bay(other)
    assert (ledger.bay("web", "p1"), ledger.bay("web", "p2")) == (WEB, other)
    with pytest.raises(LedgerError, match="there are 2 bays web"):
        ledger.bay("web")


def test_one_project_has_one_bay_of_a_name(tmp_path: Path) -> None:
    """Two processes that plan a new bay at once do not end with two of it."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    with pytest.raises(BayBusyError):
        ledger.record_bay(replace(WEB, uuid="99999999-2222-4333-8444-555555555555"))


def test_a_forgotten_bay_takes_all_but_its_history_with_it(tmp_path: Path) -> None:
    """Nodes, workloads and secrets go; changes stay."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    with ledger.change(WEB, "apply", "version: 1"):
        ledger.record_nodes(WEB.uuid, [NODE])
        ledger.record_workloads(WEB.uuid, [POD])
        ledger.seal(WEB.uuid, "secrets", "hush")
    ledger.forget_bay(WEB.uuid)
    left = (ledger.bays(), ledger.nodes(WEB.uuid), ledger.workloads(WEB.uuid), ledger.unseal(WEB.uuid, "secrets"))
    assert (left, len(ledger.changes(bay="web"))) == (((), (), (), None), 1)


def test_recorded_workloads_replace_the_set(tmp_path: Path) -> None:
    """What is no longer pushed is no longer remembered."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    ledger.record_workloads(WEB.uuid, [replace(POD, name="old"), POD])
    ledger.record_workloads(WEB.uuid, [POD])
    assert ledger.workloads(WEB.uuid) == (POD,)


def test_a_push_without_a_time_is_dated(tmp_path: Path) -> None:
    """The ledger knows when it was told."""
    ledger = open_ledger(tmp_path)
    ledger.record_bay(WEB)
    ledger.record_workloads(WEB.uuid, [replace(POD, pushed_at="")])
    assert ledger.workloads(WEB.uuid)[0].pushed_at.endswith("+00:00")


def test_nodes_of_a_bay_that_is_not_recorded_are_refused(tmp_path: Path) -> None:
    """Foreign keys are on."""
    with pytest.raises(LedgerError):
        open_ledger(tmp_path).record_nodes(WEB.uuid, [NODE])


def test_a_protected_bay_is_known_as_one(tmp_path: Path) -> None:
    """A bay is not protected until its record says so, and no longer than that."""
    ledger = open_ledger(tmp_path)
    for protect in (False, True, False):
        ledger.record_bay(replace(WEB, protect=protect))
        assert ledger.bay("web").protect is protect
