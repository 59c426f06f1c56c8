"""Compile: a folder that plain Terraform plans and applies with the same result. Nobody is locked in."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from magnumctl.blueprint.model import Blueprint
from magnumctl.errors import UsageError
from magnumctl.shipped import folder

from .clients import Clients
from .credentials import write_private
from .plan import chosen, compile_recorded
from .reports import FilesReport

IGNORED = "# The variables hold the bay's keys.\n*.tfvars.json\n*.tfstate*\n.terraform/\n"


def compile_out(clients: Clients, blueprint: Blueprint, names: Sequence[str], out: Path) -> FilesReport:
    """`OUT/modules` and, for each bay, `OUT/BAY` with a root module of its own and its variables (mode 0600)."""
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty", hint="choose another folder with --out")
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copytree(folder("modules"), out / "modules", ignore=shutil.ignore_patterns("tests", ".*"))
    (out / ".gitignore").write_text(IGNORED)
    for bay in chosen(blueprint, names):
        _, _, compiled = compile_recorded(clients, blueprint, bay)
        write_private(out / f"{bay.name}.tfvars.json", compiled.variables.tfvars())
    return FilesReport(
        cloud=clients.identity.cloud,
        files=tuple(sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())),
        message=_next_commands(out, [bay.name for bay in chosen(blueprint, names)]),
    )


def _next_commands(out: Path, bays: Sequence[str]) -> str:
    root = out / "modules" / "bay"
    applies = (f"TF_WORKSPACE={bay} terraform -chdir={root} apply -var-file=../../{bay}.tfvars.json" for bay in bays)
    return "\n".join([f"terraform -chdir={root} init", *applies])
