"""Terraform's command lines, assembled by python_terraform; nothing is ever run by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import python_terraform
from python_terraform import IsFlagged


class Commands(python_terraform.Terraform):  # type: ignore[misc]
    """python_terraform 0.10.1 buffers output, hides failures and destroys with a flag Terraform no longer has.

    So only `generate_cmd_string` is used. The engine may be several words (an interpreter and a script).
    """

    def __init__(self, engine: tuple[str, ...]) -> None:
        super().__init__(terraform_bin_path=engine[0])
        self.engine = engine

    def __getattr__(self, name: str) -> NoReturn:
        """The parent turns any misspelt name into a subprocess."""
        raise AttributeError(name)

    def read_state_file(self, file_path: str | None = None) -> None:
        """The parent reads whatever state lies in the current folder when it is born."""

    def initialise(self) -> tuple[str, ...]:
        return self._argv("init", input=False, no_color=IsFlagged)

    def write_plan(self, variables: Path, out: Path) -> tuple[str, ...]:
        """Without the state's lock: a plan writes nothing, and one that has become stale is refused by the apply."""
        return self._argv("plan", json=IsFlagged, input=False, lock=False, var_file=variables, out=out)

    def write_destroy_plan(self, variables: Path, out: Path) -> tuple[str, ...]:
        return self._argv(
            "plan", json=IsFlagged, input=False, lock=False, destroy=IsFlagged, var_file=variables, out=out
        )

    def apply_plan(self, plan: Path) -> tuple[str, ...]:
        return self._argv("apply", str(plan), json=IsFlagged, input=False)

    def show_plan(self, plan: Path) -> tuple[str, ...]:
        return self._argv("show", str(plan), json=IsFlagged)

    def pull_state(self) -> tuple[str, ...]:
        return self._argv("state pull")

    def _argv(self, command: str, *arguments: str, **options: Any) -> tuple[str, ...]:
        _, *words = self.generate_cmd_string(command, *arguments, **options)
        return (*self.engine, *words)
