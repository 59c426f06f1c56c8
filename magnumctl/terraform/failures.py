"""Terraform's diagnostics, translated once: a line that names the resource, the provider's words, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from magnumctl.errors import StalePlanError, TerraformError, TerraformInterruptedError
from magnumctl.terraform.events import Diagnostic
from magnumctl.terraform.plan import bay_of, stale

MODULE_PREFIX = re.compile(r"^(module\.\w+(\[[^\]]*\])?\.)+")
# What an OpenStack service answered, inside the provider's sentence: {"forbidden": {"code": 403, "message": "..."}}
CLOUD_MESSAGE = re.compile(r'"message":\s*"((?:[^"\\]|\\.)*)"')
STALE = re.compile(r"saved plan is stale|does not match the given state|describes changes to the", re.IGNORECASE)
HINTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"acquiring the state lock", re.IGNORECASE), "magnumctl state unlock {bay}"),
    (re.compile(r"quota", re.IGNORECASE), "free something or ask for more quota, then magnumctl apply"),
    (re.compile(r"no valid host", re.IGNORECASE), "choose another flavor, policy or availability zone"),
    (
        re.compile(r"unsupported (terraform|opentofu) core version", re.IGNORECASE),
        "install Terraform 1.9 or newer, or set MAGNUMCTL_TERRAFORM=embedded",
    ),
    (
        re.compile(r"requires provider registry\.opentofu\.org"),
        "set MAGNUMCTL_TERRAFORM=tofu: OpenTofu made this bay, and Terraform cannot take it over",
    ),
    (
        re.compile(r"returned no results|unable to find (image|flavor)", re.IGNORECASE),
        "correct that name in the blueprint",
    ),
    (re.compile(r"provider packages|registry|plugins", re.IGNORECASE), "magnumctl doctor"),
    (re.compile(r"authenticat|unauthori[sz]ed|connection refused|no such host", re.IGNORECASE), "magnumctl doctor"),
)
GO_ON = "the same command again goes on from what is there"
LINES_KEPT = 40


@dataclass(frozen=True)
class Deed:
    """What was being done, and to which bay (none when it is for all)."""

    name: str
    workspace: str = ""

    def __str__(self) -> str:
        return f"{self.name} of bay {bay_of(self.workspace)}" if self.workspace else self.name


def failed(deed: Deed, errors: Sequence[Diagnostic], rest: str) -> TerraformError | StalePlanError:
    """`rest` is what Terraform said besides diagnostics; it counts when there are none."""
    if not errors:
        errors = [_without_diagnostic(rest)]
    if any(STALE.search(error.summary) for error in errors):
        return stale(deed.workspace, "\n".join(_in_full(error) for error in errors))
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return TerraformError(
        f"{deed} failed: {_in_one_line(errors[0])}{more}",
        detail="\n\n".join(_in_full(error) for error in errors),
        hint=_hint(deed, errors),
    )


def interrupted(deed: Deed) -> TerraformInterruptedError:
    return TerraformInterruptedError(
        f"{deed} was interrupted",
        detail="Terraform has ended; its state holds what was made so far.",
        hint=GO_ON,
    )


def node_address(address: str) -> str:
    """The address without its modules: `openstack_compute_instance_v2.node["workers-0"]`."""
    return MODULE_PREFIX.sub("", address)


def _in_one_line(error: Diagnostic) -> str:
    said = CLOUD_MESSAGE.search(f"{error.summary} {error.detail}")
    first, *_ = (said.group(1) if said else error.summary).splitlines() or [""]
    return f"{node_address(error.address)}: {first}" if error.address else first


def _in_full(error: Diagnostic) -> str:
    return "\n".join(part for part in (error.address, error.summary, error.detail) if part)


def _without_diagnostic(rest: str) -> Diagnostic:
    lines = [line for line in rest.splitlines() if line.strip(" │╷╵")]
    first = next((line for line in lines if "Error:" in line), lines[-1] if lines else "it said nothing")
    return Diagnostic(first.strip(" │").removeprefix("Error: "), "\n".join(lines[-LINES_KEPT:]))


def _hint(deed: Deed, errors: Sequence[Diagnostic]) -> str:
    text = "\n".join(_in_full(error) for error in errors)
    hints = (hint for pattern, hint in HINTS if pattern.search(text))
    return next(hints, GO_ON if deed.name == "apply" else "magnumctl doctor").format(bay=bay_of(deed.workspace))
