"""Nova's reason is told with Terraform's error."""

from __future__ import annotations

import pytest

from magnumctl.actions.faults import told_why_servers_failed
from magnumctl.cloud import ServerFault
from magnumctl.errors import CloudError, TerraformError, TerraformInterruptedError

ONE, OTHER = "38b8d7fb-8e30-4484-ad19-e0aff87ed982", "4cb5adf5-2ae8-4037-82db-7b6dc2d288ce"
DETAIL = "\n".join(f"Error waiting for instance ({server}) to become ready: 'ERROR'" for server in (ONE, OTHER))
NO_HOST = ServerFault("ERROR", "No valid host was found.", "2026-01-01T00:00:00Z")


def nova_knows(server_id: str) -> ServerFault | None:
    return NO_HOST if server_id in {ONE, OTHER} else None


def nova_is_silent(_: str) -> ServerFault | None:
    raise CloudError("Nova does not answer")


def test_a_reason_is_told_once_for_all_servers() -> None:
    """In the summary; Terraform's words stay below."""
    with pytest.raises(TerraformError) as caught, told_why_servers_failed("web", nova_knows):
        raise TerraformError("apply of bay web failed", detail=DETAIL)
    said = (caught.value.summary, caught.value.detail)
    assert said == ("bay web: Nova could not build its servers: No valid host was found.", DETAIL)


@pytest.mark.parametrize(
    ("error", "ask"),
    [
        (TerraformError("the network failed", detail="no server is named"), nova_knows),
        (TerraformError("a server failed", detail=DETAIL), nova_is_silent),
        (TerraformInterruptedError("stopped", detail=DETAIL), nova_knows),
    ],
)
def test_an_error_passes_when_nova_has_nothing_to_add(error: TerraformError, ask: object) -> None:
    """The same object, with its own hint."""
    with pytest.raises(TerraformError) as caught, told_why_servers_failed("web", ask):  # type: ignore[arg-type]
        raise error
    assert caught.value is error
