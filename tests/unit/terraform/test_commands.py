from __future__ import annotations

from pathlib import Path

import pytest

from magnumctl.terraform.commands import Commands

COMMANDS = Commands(("python", "launcher.py", "lib rary.so"))


def test_a_plan_is_written_from_variables() -> None:
    """The engine's words come first, then the command and its flags, each one word."""
    assert COMMANDS.write_plan(Path("/a b/v.json"), Path("/a b/p")) == (
        *("python", "launcher.py", "lib rary.so"),
        *("plan", "-json", "-input=false", "-lock=false", "-var-file=/a b/v.json", "-out=/a b/p"),
    )


def test_a_destroy_is_a_plan() -> None:
    """`destroy` itself is never called: python_terraform's uses a flag that Terraform no longer has."""
    assert COMMANDS.write_destroy_plan(Path("v"), Path("p"))[3:] == (
        *("plan", "-json", "-input=false", "-lock=false", "-destroy", "-var-file=v", "-out=p"),
    )


def test_an_apply_takes_the_plan_last() -> None:
    """Flags behind the file would be taken for files."""
    assert COMMANDS.apply_plan(Path("p"))[3:] == ("apply", "-json", "-input=false", "p")


def test_a_typo_runs_nothing() -> None:
    """python_terraform takes any unknown name for a command and runs it."""
    with pytest.raises(AttributeError, match="destory"):
        COMMANDS.destory()
