from __future__ import annotations

import pytest

from magnumctl.errors import StalePlanError
from magnumctl.terraform.events import Diagnostic
from magnumctl.terraform.failures import Deed, failed, interrupted

APPLY = Deed("apply", "web")
NODE = 'module.node_group["workers"].openstack_compute_instance_v2.node["workers-0"]'


def test_the_clouds_own_words_are_the_summary() -> None:
    """Out of the provider's sentence with an answer in it comes what Nova said, behind the node's address."""
    said = (
        "Error creating OpenStack server: Expected HTTP response code [200 202] when accessing [POST http://...], "
        'but got 403 instead: {"forbidden": {"code": 403, "message": "Quota exceeded for cores"}}'
    )
    error = failed(APPLY, [Diagnostic(said, address=NODE)], "")
    assert (error.summary, error.detail, error.hint) == (
        'apply of bay web failed: openstack_compute_instance_v2.node["workers-0"]: Quota exceeded for cores',
        f"{NODE}\n{said}",
        "free something or ask for more quota, then magnumctl apply",
    )


@pytest.mark.parametrize(
    ("summary", "hint"),
    [
        ("Error acquiring the state lock", "magnumctl state unlock web"),
        ("No valid host was found", "choose another flavor, policy or availability zone"),
        ("Unsupported Terraform Core version", "install Terraform 1.9 or newer, or set MAGNUMCTL_TERRAFORM=embedded"),
        ("Failed to query available provider packages", "magnumctl doctor"),
        ("Authentication failed", "magnumctl doctor"),
        ("Your query returned no results.", "correct that name in the blueprint"),
        ("Unable to find image with name debian-13", "correct that name in the blueprint"),
        (
            "This state requires provider registry.opentofu.org/terraform-provider-openstack/openstack",
            "set MAGNUMCTL_TERRAFORM=tofu: OpenTofu made this bay, and Terraform cannot take it over",
        ),
        ("something new", "the same command again goes on from what is there"),
    ],
)
def test_the_next_step_fits_the_cause(summary: str, hint: str) -> None:
    """Each known cause has its own next command."""
    assert failed(APPLY, [Diagnostic(summary)], "").hint == hint


@pytest.mark.parametrize(
    "summary",
    [
        "Saved plan is stale",
        "Saved plan does not match the given state",
        'The plan file describes changes to the "web" workspace, but the "edge" workspace is currently in use.',
    ],
)
def test_terraforms_refusals_of_a_plan_are_one_error(summary: str) -> None:
    """However an engine words it, the plan is stale."""
    assert type(failed(APPLY, [Diagnostic(summary)], "")) is StalePlanError


def test_words_without_diagnostics_become_one_line_and_a_cause() -> None:
    """`init` draws boxes around its errors."""
    said = "\n╷\n│ Error: Failed to query available provider packages\n│ \n│ Could not retrieve the list\n╵\n"
    error = failed(Deed("preparing Terraform"), [], said)
    assert error.summary == "preparing Terraform failed: Failed to query available provider packages"
    assert "Could not retrieve the list" in error.detail


def test_people_read_the_bays_own_name() -> None:
    """Not that of its workspace, which ends in digits of its uuid."""
    error = failed(Deed("apply", "web-1-34b2588e"), [Diagnostic("Error acquiring the state lock")], "")
    assert (error.summary, error.hint) == (
        "apply of bay web-1 failed: Error acquiring the state lock",
        "magnumctl state unlock web-1",
    )


def test_silence_is_a_cause_too() -> None:
    """An engine that was killed says nothing."""
    assert failed(APPLY, [], "").summary == "apply of bay web failed: it said nothing"


def test_an_interruption_exits_130() -> None:
    """The error says what was going on."""
    error = interrupted(APPLY)
    assert (error.summary, error.exit_code) == ("apply of bay web was interrupted", 130)
