from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from magnumctl.terraform.working_folder import WorkingFolder


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    (tmp_path / "modules/bay/tests").mkdir(parents=True)
    (tmp_path / "modules/bay/main.tf").write_text("# one\n")
    return tmp_path / "modules"


@pytest.fixture
def folder(tmp_path: Path, modules: Path) -> WorkingFolder:
    return WorkingFolder(tmp_path / ".magnumctl" / "terraform", modules, "bay")


def times_initialised(folder: WorkingFolder, *between: Callable[[], object], given: tuple[str, ...] = ("",)) -> int:
    calls: list[str] = []
    for change in (lambda: None, *between):
        change()
        folder.prepare(given[min(len(calls), len(given) - 1)], lambda: calls.append("init"))
    return len(calls)


def test_nothing_new_is_nothing_to_do(folder: WorkingFolder) -> None:
    """The second preparation does nothing."""
    assert times_initialised(folder, lambda: None) == 1


def test_new_modules_are_initialised(folder: WorkingFolder, modules: Path) -> None:
    """A changed line of a module is a new module."""
    assert times_initialised(folder, lambda: (modules / "bay/main.tf").write_text("# two\n")) == 2
    assert (folder.root_module / "main.tf").read_text() == "# two\n"


def test_tests_are_no_part_of_a_module(folder: WorkingFolder, modules: Path) -> None:
    """They are neither copied nor a reason to initialise."""
    assert times_initialised(folder, lambda: (modules / "bay/tests/bay.tftest.hcl").write_text("")) == 1
    assert not (folder.root_module / "tests").exists()


def test_other_settings_are_initialised(folder: WorkingFolder) -> None:
    """Another engine or another source of the provider."""
    assert times_initialised(folder, lambda: None, given=("terraform", "tofu")) == 2


def test_a_changed_lock_file_is_initialised(folder: WorkingFolder) -> None:
    """Terraform would refuse providers that it does not name."""
    lock = folder.root_module / ".terraform.lock.hcl"
    assert times_initialised(folder, lambda: lock.write_text("# other\n")) == 2


def test_a_failed_preparation_is_no_preparation(folder: WorkingFolder) -> None:
    """What broke off is begun again."""

    def fail() -> None:
        raise OSError

    with pytest.raises(OSError):
        folder.prepare("", fail)
    assert times_initialised(folder) == 1


def test_states_lie_beside_the_modules(folder: WorkingFolder, tmp_path: Path) -> None:
    """So a new copy of the modules cannot touch them."""
    assert folder.state_file("web") == tmp_path / ".magnumctl/terraform/states/web/terraform.tfstate"


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b"])
def test_a_workspace_is_one_folder(folder: WorkingFolder, name: str) -> None:
    """No name leads out of it."""
    with pytest.raises(ValueError, match="cannot name a workspace"):
        folder.state_file(name)
