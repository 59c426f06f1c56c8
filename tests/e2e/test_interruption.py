"""Stopped in the middle: Terraform writes its state, the ledger says interrupted, the next run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import CloudUnderTest

from .blueprints import docker_bay
from .command import COMMAND, Magnumctl


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_apply_stopped_by_a_signal_goes_on_with_the_next(
    sandbox_cloud: CloudUnderTest, tmp_path: Path, number: signal.Signals
) -> None:
    """Exit 130, an interrupted change, no lock left, and a second apply that finishes the bay."""
    magnumctl = Magnumctl(tmp_path, sandbox_cloud.environ)
    magnumctl.write(docker_bay(sandbox_cloud.allowed_cidr, workloads=False))

    assert stopped_in_mid_apply(magnumctl, number) == 130
    changes = magnumctl.report("history")["changes"]
    assert [(change["kind"], change["status"]) for change in changes] == [("apply", "interrupted")]
    assert list(tmp_path.rglob("*.lock.info")) == []

    magnumctl.must("apply", "--yes")
    assert magnumctl("plan", "--detailed-exitcode").exit_code == 0
    magnumctl.must("destroy", "--yes")


def stopped_in_mid_apply(magnumctl: Magnumctl, number: signal.Signals) -> int:
    """Signals the command while it waits for servers that Nova builds.

    Not while a request is under way: Terraform's provider drops that, and what the cloud made of it is in no state.
    """
    environ = {**os.environ, **magnumctl.environ}
    words = [COMMAND, "apply", "--yes"]
    running = subprocess.Popen(words, cwd=magnumctl.folder, env=environ, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    for line in running.stderr:
        if "openstack_compute_instance_v2" in line and "Creating..." in line:
            time.sleep(1.0)
            running.send_signal(number)
            break
    running.stderr.read()
    return running.wait(60)


def test_a_killed_apply_is_taken_over(sandbox_cloud: CloudUnderTest, tmp_path: Path) -> None:
    """SIGKILL leaves an open change behind; the next apply sees that its process is gone, and goes on."""
    magnumctl = Magnumctl(tmp_path, sandbox_cloud.environ)
    magnumctl.write(docker_bay(sandbox_cloud.allowed_cidr, workloads=False))
    stopped_in_mid_apply(magnumctl, signal.SIGKILL)
    time.sleep(5)  # Terraform, left alone, ends by itself

    magnumctl.must("apply", "--yes")
    statuses = [change["status"] for change in magnumctl.report("history")["changes"]]
    assert statuses == ["succeeded", "interrupted"]
    magnumctl.must("destroy", "--yes")
