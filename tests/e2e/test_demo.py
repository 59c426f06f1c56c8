"""The demo: the whole story in one command, and what it says to do next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .command import Magnumctl

STEPS = [
    *("sandbox started", "tools fetched", "planned", "applied"),
    *("status asked", "planned again", "destroyed", "project listed"),
]


def test_the_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    """Each step is timed, and the project holds what it held before; nothing stays in the temporary folder."""
    demo = Magnumctl(tmp_path, {"TMPDIR": str(tmp_path)}).report("demo")
    assert [step["name"] for step in demo["steps"]] == STEPS
    assert demo["left_behind"] == []
    assert list(tmp_path.glob("magnumctl-demo-*")) == []


def test_the_demo_that_stays_names_commands_that_work(tmp_path: Path) -> None:
    """Typed one after the other they show the bays, destroy them, stop the sandbox and remove its folder."""
    commands = Magnumctl(tmp_path, {"TMPDIR": str(tmp_path)}).report("demo", "--keep")["next_commands"]
    path = f"export PATH={Path(sys.executable).parent}:$PATH"
    typed = subprocess.run(
        ["bash", "-e", "-c", "\n".join([path, *commands])], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (typed.returncode, typed.stderr.count("error")) == (0, 0)
    assert "2 succeeded, 0 failed" in typed.stdout
    assert list(tmp_path.glob("magnumctl-demo-*")) == []
