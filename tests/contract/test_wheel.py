"""What ships: the wheel holds the folders that lie beside the code in a checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_modules_blueprints_and_migrations_are_in_the_wheel(tmp_path: Path) -> None:
    """Every file of modules/, blueprints/ and state/ is in the wheel under magnumctl/shipped."""
    words = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(words, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    expected = {
        f"magnumctl/shipped/{path.relative_to(ROOT).as_posix()}"
        for folder in ("modules", "blueprints", "state")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not any(part.startswith(".terraform") for part in path.parts)
    }
    assert expected - names == set()
    assert "magnumctl/toolchain/provider/go.sum" in names
    assert any(name.startswith("magnumctl/compiler/templates/") for name in names)
