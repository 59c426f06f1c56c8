"""cloud-init itself reads the user-data: its schema, and the modules that act on it on a node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.compiler.bays import golden_cases

USER_DATA = {f"{case}/{node}": text for case, bay in golden_cases().items() for node, text in bay.user_data.items()}


def schema(path: Path) -> tuple[int, str]:
    program = shutil.which("cloud-init")
    assert program is not None, "cloud-init is not installed: apt-get install --no-install-recommends cloud-init"
    words = [program, "schema", "--config-file", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("node", USER_DATA)
def test_user_data_is_valid_by_cloud_inits_own_schema(node: str, tmp_path: Path) -> None:
    """Every node of every golden case is a valid cloud-config, with no warning."""
    path = tmp_path / "user-data.yaml"
    path.write_text(USER_DATA[node])
    code, output = schema(path)
    assert (code, "Valid" in output, "eprecat" in output) == (0, True, False), output


def test_the_schema_would_tell(tmp_path: Path) -> None:
    """The same check refuses a file without a path, so that it can be believed."""
    path = tmp_path / "user-data.yaml"
    path.write_text("#cloud-config\nwrite_files:\n- content: x\n")
    code, output = schema(path)
    assert (code, "path" in output) == (1, True), output
