"""Bays are independent: what befalls one is said of that one, and the others go on."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from magnumctl.ledger import Ledger
from tests.conftest import CloudUnderTest

from .command import Magnumctl

BLUEPRINT = """
version: 1
cloud: sandbox
baymodels:
  small: {coe: docker, image: debian-12-docker, flavor: m1.small, external_network: public}
bays:
  good: {baymodel: small, nodes: 1}
  bad: {baymodel: small, nodes: 1, flavor: m9.huge}
"""


@pytest.fixture
def magnumctl(sandbox_cloud: CloudUnderTest, tmp_path: Path) -> Magnumctl:
    """Its cloud is the blueprint's word: no OS_CLOUD is set."""
    workspace = Magnumctl(tmp_path, {"MAGNUMCTL_SANDBOX_CLOUDS": str(sandbox_cloud.clouds_yaml)})
    workspace.write(BLUEPRINT)
    return workspace


def test_a_plan_that_fails_for_one_bay_is_one_document(magnumctl: Magnumctl) -> None:
    """In JSON the other bay's plan and the error stand in one document."""
    finished = magnumctl("plan", "-o", "json")
    assert finished.exit_code == 1
    assert [bay["name"] for bay in finished.report["bays"]] == ["good"]
    assert finished.report["failed"] == ["bad"]
    assert finished.report["error"]["summary"] == "bay bad: there is no flavor m9.huge"


def test_a_bay_that_cannot_be_planned_does_not_stop_the_others(magnumctl: Magnumctl) -> None:
    """Apply makes the other bay, names the one that failed, and exits with 1; then it goes by name alone."""
    applied = magnumctl("apply", "--yes", "--infrastructure-only", "-o", "json")
    assert applied.exit_code == 1
    assert {bay["name"]: bay["status"] for bay in applied.report["bays"]} == {"good": "succeeded", "bad": "failed"}
    assert applied.report["summary"] == {"succeeded": 1, "failed": 1, "skipped": 0}
    destroyed = magnumctl.report("destroy", "--bay", "good", "--yes")
    assert destroyed["summary"] == {"succeeded": 1, "failed": 0, "skipped": 0}


def test_a_bay_that_is_being_changed_is_left_to_who_changes_it(magnumctl: Magnumctl) -> None:
    """The second process is told who holds the bay, and since when; planning stays possible."""
    magnumctl.must("plan", "--bay", "good")
    ledger = Ledger.open(magnumctl.folder / ".magnumctl" / "ledger.db")
    with ledger.change(ledger.bay("good"), "apply", ""):
        magnumctl.must("plan", "--bay", "good")
        refused = magnumctl("apply", "--yes", "--bay", "good", "-o", "json")
    said = json.dumps(refused.report)
    assert (refused.exit_code, f"pid {os.getpid()}" in said, "was begun at" in said) == (1, True, True)


def test_an_apply_that_failed_early_is_planned_again(magnumctl: Magnumctl) -> None:
    """No node was made: its containers are still to be created, once the cause is mended."""
    bay = "early: {baymodel: small, nodes: {workers: {count: 1, availability_zones: [mars]}}}"
    workload = 'containers: {cache: {bay: early, image: "redis:8"}}\n'
    magnumctl.write(BLUEPRINT.partition("bays:")[0] + f"bays:\n  {bay}\n{workload}")
    assert magnumctl("apply", "--yes").exit_code == 1
    [planned] = magnumctl.report("plan")["bays"]
    assert [(row["name"], row["action"]) for row in planned["workloads"]] == [("cache", "create")]
    [status] = magnumctl.report("status")["bays"]
    assert (status["status"], status["message"]) == ("failed", "no node of it is known yet")
    magnumctl.must("destroy", "--yes")
