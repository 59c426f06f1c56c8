"""What is sent to Terraform and to the nodes changes only on purpose.

MAGNUMCTL_UPDATE_GOLDEN=1 writes the files anew, and fails that run, so that nobody forgets to read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from magnumctl.compiler import CompiledBay
from tests.unit.compiler.bays import golden_cases

GOLDEN = Path(__file__).parents[2] / "golden"
CASES = golden_cases()


def texts(bay: CompiledBay) -> dict[str, str]:
    """Everything a bay compiles to, by file name; user-data is what the variables hold of it."""
    variables = json.loads(bay.variables.tfvars())
    user_data = variables.pop("user_data")
    variables["open_rules"] = bay.open_rules
    files = {f"{node}.yaml": text for node, text in user_data.items()}
    return {"tfvars.json": json.dumps(variables, indent=2, sort_keys=True) + "\n", **files}


def written(case: str) -> dict[str, str]:
    return {path.name: path.read_text() for path in (GOLDEN / case).glob("*")}


@pytest.mark.parametrize("case", CASES)
def test_a_bay_compiles_to_its_golden_files(case: str) -> None:
    """Variables and user-data of the case are, byte for byte, those of its folder."""
    now = texts(CASES[case])
    if os.environ.get("MAGNUMCTL_UPDATE_GOLDEN") == "1":
        rewrite(GOLDEN / case, now)
        pytest.fail(f"tests/golden/{case} was written anew: read the difference, then run without the variable")
    assert now == written(case)


def test_every_golden_folder_is_of_a_case() -> None:
    """No folder outlives the case it was made for."""
    assert sorted(path.name for path in GOLDEN.iterdir() if path.is_dir()) == sorted(CASES)


def rewrite(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*"):
        old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text)
