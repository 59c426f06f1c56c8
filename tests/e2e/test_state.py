"""The bays' Terraform states, a lost ledger, and a bay that nobody holds any more."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CloudUnderTest

from .blueprints import docker_bay
from .command import Magnumctl


@pytest.fixture(scope="module")
def edge(sandbox_cloud: CloudUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Magnumctl]:
    magnumctl = Magnumctl(tmp_path_factory.mktemp("edge"), sandbox_cloud.environ)
    magnumctl.write(docker_bay(sandbox_cloud.allowed_cidr, nodes=1))
    magnumctl.must("apply", "--yes")
    yield magnumctl
    magnumctl.must("destroy", "--yes")


def test_states_are_listed_and_pulled(edge: Magnumctl) -> None:
    """The addresses of `list` are those in the state that `pull` prints."""
    (bay,) = edge.report("state", "list")["bays"]
    state = json.loads(edge.must("state", "pull", "edge").stdout)
    managed = [each for each in state["resources"] if each["mode"] == "managed"]
    assert len(bay["resources"]) == sum(len(each["instances"]) for each in managed) > 5
    assert bay["workspace"].startswith("edge-")


def test_the_state_holds_no_secret_of_the_bay(edge: Magnumctl) -> None:
    """The record that travels in it is sealed."""
    assert "PRIVATE KEY" not in edge.must("state", "pull", "edge").stdout


def test_the_way_back_is_planned_from_the_history(edge: Magnumctl, sandbox_cloud: CloudUnderTest) -> None:
    """The blueprint of a change as it was; applied again, it brings back what it had."""
    first = edge.report("history")["changes"][-1]["id"]
    shown = edge.report("history", "show", str(first))
    assert [file["path"] for file in shown["blueprint"]] == ["blueprint.yaml"]
    assert {row["action"] for row in shown["plan"]} == {"create"}
    assert len([event for event in shown["journal"] if event["kind"] == "complete"]) == len(shown["plan"])

    edge.write(docker_bay(sandbox_cloud.allowed_cidr, nodes=1, image="redis:7"))
    edge.must("apply", "--yes")
    edge.must("apply", "--yes", "--from-history", str(first))
    images = {row["name"]: row["image"] for row in edge.report("container", "list")["containers"]}
    assert images == {"cache": "redis:8", "web": "nginx:1.29"}
    edge.write(docker_bay(sandbox_cloud.allowed_cidr, nodes=1))
    assert edge("apply", "--from-history", "999").exit_code == 1


def test_a_lost_ledger_is_made_anew(edge: Magnumctl) -> None:
    """Afterwards the plan says no changes, the status is ready, and nothing was rebuilt."""
    before = edge.report("status")["bays"][0]
    shutil.move(edge.folder / ".magnumctl/ledger.db", edge.folder / "lost.db")
    for rest in (edge.folder / ".magnumctl").glob("ledger.db-*"):
        rest.unlink()
    (bay,) = edge.report("state", "rebuild")["bays"]
    assert (bay["status"], bay["name"], bay["uuid"]) == ("restored", "edge", before["uuid"])
    after = edge.report("status")["bays"][0]
    assert {key: after[key] for key in ("uuid", "status", "nodes", "workloads")} == {
        key: before[key] for key in ("uuid", "status", "nodes", "workloads")
    }
    planned = edge("plan", "--detailed-exitcode", "-o", "json")
    assert planned.exit_code == 0, planned.stdout
    assert edge.report("state", "rebuild")["bays"][0]["status"] == "known"


def test_a_bay_is_unlocked_only_when_its_holder_is_gone(edge: Magnumctl) -> None:
    """Refused with exit code 1 while the process lives; its change is interrupted once it is dead."""
    holder = subprocess.Popen(["sleep", "60"])
    hold(edge.folder, holder.pid)
    refused = edge("state", "unlock", "edge", "--yes")
    holder.kill()
    holder.wait()
    assert (refused.exit_code, f"pid {holder.pid}, which lives" in refused.stderr) == (1, True)
    assert edge.report("state", "unlock", "edge", "--yes")["change"]["status"] == "begun"
    assert edge.report("history")["changes"][0]["status"] == "interrupted"
    assert edge.report("state", "unlock", "edge")["change"] is None


def hold(folder: Path, pid: int) -> None:
    """As an apply of that process would."""
    started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    with sqlite3.connect(folder / ".magnumctl/ledger.db") as ledger:
        (last,) = ledger.execute("select max(id) from changes").fetchone()
        ledger.execute(
            "insert into changes (bay_uuid, bay, kind, status, begun_at, blueprint_digest, user, host, pid, machine,"
            " boot, started) select bay_uuid, bay, 'apply', 'begun', begun_at, '', user, host, ?, machine, boot, ?"
            " from changes where id = ?",
            (pid, started, last),
        )
    assert Path(f"/proc/{pid}").exists()
