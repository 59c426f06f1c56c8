from __future__ import annotations

import sys
from pathlib import Path

import pytest

from magnumctl.errors import ToolchainError
from magnumctl.toolchain.engines import find_engine


def program(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_the_users_choice_comes_first(tmp_path: Path) -> None:
    """MAGNUMCTL_TERRAFORM wins over what is on PATH; a program called tofu is OpenTofu."""
    program(tmp_path / "terraform")
    chosen = program(tmp_path / "other" / "tofu-1.12")
    engine = find_engine({"PATH": str(tmp_path), "MAGNUMCTL_TERRAFORM": str(chosen)})
    assert (engine.command, engine.name, engine.source) == ((str(chosen),), "tofu", "MAGNUMCTL_TERRAFORM")


def test_terraform_comes_before_tofu(tmp_path: Path) -> None:
    """Both on PATH: Terraform."""
    program(tmp_path / "tofu")
    terraform = program(tmp_path / "terraform")
    assert find_engine({"PATH": str(tmp_path)}).command == (str(terraform),)


def test_tofu_comes_before_the_embedded_one(tmp_path: Path) -> None:
    """What the user installed is preferred to what came along."""
    program(tmp_path / "tofu")
    engine = find_engine({"PATH": str(tmp_path)})
    assert (engine.name, engine.registry) == ("tofu", "registry.opentofu.org")


def test_the_embedded_one_is_last(tmp_path: Path) -> None:
    """Nothing on PATH: the launcher, which this interpreter runs without its packages."""
    engine = find_engine({"PATH": str(tmp_path)})
    assert (engine.name, engine.command[:3], engine.registry) == (
        "embedded",
        (sys.executable, "-I", "-S"),
        "registry.terraform.io",
    )


def test_the_embedded_one_can_be_chosen(tmp_path: Path) -> None:
    """The word `embedded` wins over a Terraform on PATH."""
    program(tmp_path / "terraform")
    assert find_engine({"PATH": str(tmp_path), "MAGNUMCTL_TERRAFORM": "embedded"}).name == "embedded"


def test_a_choice_that_is_no_program_is_an_error() -> None:
    """It is not silently replaced by another."""
    with pytest.raises(ToolchainError) as refused:
        find_engine({"PATH": "", "MAGNUMCTL_TERRAFORM": "/no/such"})
    assert (str(refused.value), refused.value.hint) == (
        "MAGNUMCTL_TERRAFORM names /no/such, which is no program",
        "correct it, or unset MAGNUMCTL_TERRAFORM",
    )
