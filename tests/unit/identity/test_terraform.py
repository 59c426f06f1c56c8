"""The variables that make Terraform's provider the same caller."""

from __future__ import annotations

from pathlib import Path

import pytest

from magnumctl.identity.terraform import (
    SPOKEN_BY_THE_PROVIDER,
    credential_variables,
    token_variables,
    transport_variables,
)

HERE = Path.cwd()


def test_a_password() -> None:
    """Domains of the user and of the project apart; what is not set stays unset."""
    auth = {
        "auth_url": "https://k/v3",
        "username": "ada",
        "password": 12345,
        "user_domain_name": "Default",
        "project_id": "p",
        "project_name": None,
    }
    assert credential_variables(auth) == {
        "OS_AUTH_URL": "https://k/v3",
        "OS_USERNAME": "ada",
        "OS_PASSWORD": "12345",
        "OS_USER_DOMAIN_NAME": "Default",
        "OS_PROJECT_ID": "p",
    }


def test_an_application_credential() -> None:
    """By id; it names no project, it has one."""
    auth = {"auth_url": "https://k/v3", "application_credential_id": "i", "application_credential_secret": "s"}
    assert credential_variables(auth) == {
        "OS_AUTH_URL": "https://k/v3",
        "OS_APPLICATION_CREDENTIAL_ID": "i",
        "OS_APPLICATION_CREDENTIAL_SECRET": "s",
    }


def test_every_other_auth_type_lends_its_token() -> None:
    """Federation, TOTP, Kerberos: the provider does not speak them."""
    assert token_variables("https://k/v3", "t", "p") == {
        "OS_AUTH_URL": "https://k/v3",
        "OS_TOKEN": "t",
        "OS_PROJECT_ID": "p",
    }


@pytest.mark.parametrize("auth_type", ["v3token", "token", "v3oidcpassword", "v3totp"])
def test_what_the_provider_does_not_speak(auth_type: str) -> None:
    """A token cannot be renewed by it, so it counts among these."""
    assert auth_type not in SPOKEN_BY_THE_PROVIDER


@pytest.mark.parametrize(
    ("verify", "cert", "environ", "expected"),
    [
        (True, None, {}, {}),
        (False, None, {"REQUESTS_CA_BUNDLE": "/b"}, {"OS_INSECURE": "true"}),
        ("/ca.pem", None, {"REQUESTS_CA_BUNDLE": "/b"}, {"OS_CACERT": "/ca.pem"}),
        (True, None, {"REQUESTS_CA_BUNDLE": "/b"}, {"OS_CACERT": "/b"}),
        ("ca.pem", None, {}, {"OS_CACERT": str(HERE / "ca.pem")}),
        (True, "/both.pem", {}, {"OS_CERT": "/both.pem"}),
        (True, ("/c.pem", "/k.pem"), {}, {"OS_CERT": "/c.pem", "OS_KEY": "/k.pem"}),
    ],
)
def test_tls_is_the_same_on_both_sides(
    verify: bool | str, cert: str | tuple[str, str] | None, environ: dict[str, str], expected: dict[str, str]
) -> None:
    """Paths are absolute: Terraform runs in another folder."""
    assert transport_variables(verify, cert, environ) == expected
