"""Why servers failed: Terraform sees only that they did, Nova knows the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from magnumctl.cloud import ServerFault
from magnumctl.errors import MagnumctlError, TerraformError, TerraformInterruptedError

FAILED_SERVER = re.compile(r"instance \(([0-9a-f-]{36})\)")
"""The provider's way to name a server that it waited for in vain."""

AskNova = Callable[[str], ServerFault | None]


@contextmanager
def told_why_servers_failed(bay: str, ask: AskNova) -> Iterator[None]:
    """Terraform's error passes as it is when Nova has nothing to add, or does not answer either."""
    try:
        yield
    except TerraformInterruptedError:
        raise
    except TerraformError as error:
        reasons = reasons_of(error, ask)
        if not reasons:
            raise
        raise TerraformError(
            f"bay {bay}: Nova could not build its servers: {'; '.join(reasons)}",
            detail=error.detail,
            hint="choose another flavor, policy or availability zone, then magnumctl apply",
        ) from error


def reasons_of(error: TerraformError, ask: AskNova) -> tuple[str, ...]:
    """Each reason once, in the order of the servers."""
    found = (_reason(server_id, ask) for server_id in dict.fromkeys(FAILED_SERVER.findall(error.detail)))
    return tuple(dict.fromkeys(reason for reason in found if reason))


def _reason(server_id: str, ask: AskNova) -> str:
    try:
        fault = ask(server_id)
    except MagnumctlError:
        return ""
    return fault.message if fault else ""
