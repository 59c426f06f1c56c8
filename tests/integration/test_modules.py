"""The modules under a real engine with the real provider: valid, and as their own tests say (those mock the cloud)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from magnumctl import shipped
from magnumctl.toolchain.engines import Engine, find_engine
from magnumctl.toolchain.providers import provider_settings

MODULES = shipped.folder("modules")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return find_engine(os.environ)


@pytest.fixture(scope="module")
def environ(engine: Engine) -> dict[str, str]:
    """No credentials: neither validation nor a mock needs a cloud."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OS_", "TF_"))}
    settings = provider_settings(engine, os.environ, lambda line: print(line, file=sys.stderr))
    named = settings or Path(os.environ.get("TF_CLI_CONFIG_FILE", "/nowhere"))
    return kept | {"CHECKPOINT_DISABLE": "1"} | ({"TF_CLI_CONFIG_FILE": str(named)} if named.exists() else {})


@pytest.mark.parametrize("module", sorted(path.name for path in MODULES.iterdir() if path.is_dir()))
def test_a_module_is_valid_and_keeps_its_promises(
    module: str, engine: Engine, environ: dict[str, str], tmp_path: Path
) -> None:
    """init, validate and test succeed in a copy of the modules."""
    folder = shutil.copytree(MODULES, tmp_path / "modules") / module
    commands = (["init", "-backend=false"], ["validate"], ["test"])
    said = [
        subprocess.run(
            [*engine.command, *command, "-no-color"],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        for command in commands
    ]
    assert [one.returncode for one in said] == [0, 0, 0], "\n".join(one.stdout + one.stderr for one in said)
