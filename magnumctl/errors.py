"""The one tree of errors a person can act on; anything else is a bug and keeps its traceback.

MagnumctlError                  exit 1
├── UsageError                  exit 64   the command line asks for something that cannot be meant
├── BlueprintError              exit 65
│   └── InvalidBlueprintError             every problem at once, each with its place
├── IdentityError                         no such cloud, refused credentials, Keystone does not answer
│   └── ForeignProjectError               the bay belongs to another Keystone project
├── CloudError                            an OpenStack service refused or did not answer
├── ToolchainError                        Terraform or its OpenStack provider cannot be had
├── TerraformError                        Terraform ran and failed; carries its diagnostics
│   ├── StalePlanError                    the saved plan is not of this bay or not of this blueprint
│   └── TerraformInterruptedError         exit 130  stopped by a signal, the state was written
├── LedgerError
│   ├── BayNotFoundError
│   ├── BayBusyError                      another change of this bay is open
│   └── SealError                         a sealed secret cannot be opened with this key
├── CoeError
│   ├── CoeUnreachableError
│   ├── WorkloadRejectedError             the bay refused an object
│   ├── WorkloadNotFoundError             no bay holds a pod, service or container of that name
│   └── NotReadyError                     a node or workload did not become ready in time
├── RefusedPlanError              possible, and not done: the bay is protected, or would be lost
└── SandboxError
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


class MagnumctlError(Exception):
    """What went wrong, why, and what to do about it.

    `summary` is one line that names the thing in the user's words, `detail` the cause (may have several
    lines), `hint` the next command to run or the change to make.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, summary: str, *, detail: str = "", hint: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.hint = hint


class UsageError(MagnumctlError):
    exit_code = 64


class BlueprintError(MagnumctlError):
    exit_code = 65


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a blueprint: `line` and `column` count from 1, `path` is the dotted key."""

    file: Path
    line: int
    column: int
    path: str
    message: str
    hint: str = ""
    excerpt: str = ""


class InvalidBlueprintError(BlueprintError):
    def __init__(self, problems: tuple[Problem, ...]) -> None:
        noun = "problem" if len(problems) == 1 else "problems"
        super().__init__(f"the blueprint has {len(problems)} {noun}", hint="magnumctl validate")
        self.problems = problems


class IdentityError(MagnumctlError):
    pass


class ForeignProjectError(IdentityError):
    pass


class CloudError(MagnumctlError):
    pass


class ToolchainError(MagnumctlError):
    pass


class TerraformError(MagnumctlError):
    pass


class StalePlanError(TerraformError):
    pass


class TerraformInterruptedError(TerraformError):
    exit_code = 130


class LedgerError(MagnumctlError):
    pass


class BayNotFoundError(LedgerError):
    pass


class BayBusyError(LedgerError):
    pass


class SealError(LedgerError):
    pass


class CoeError(MagnumctlError):
    pass


class CoeUnreachableError(CoeError):
    pass


class WorkloadRejectedError(CoeError):
    pass


class WorkloadNotFoundError(CoeError):
    pass


class NotReadyError(CoeError):
    pass


class RefusedPlanError(MagnumctlError):
    pass


class SandboxError(MagnumctlError):
    pass
