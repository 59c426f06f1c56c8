"""The OS_* variables that terraform-provider-openstack 3.4 reads, for a credential as it is configured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

VARIABLES = {
    "auth_url": "OS_AUTH_URL",
    "username": "OS_USERNAME",
    "user_id": "OS_USER_ID",
    "password": "OS_PASSWORD",
    "user_domain_id": "OS_USER_DOMAIN_ID",
    "user_domain_name": "OS_USER_DOMAIN_NAME",
    "project_id": "OS_PROJECT_ID",
    "project_name": "OS_PROJECT_NAME",
    "project_domain_id": "OS_PROJECT_DOMAIN_ID",
    "project_domain_name": "OS_PROJECT_DOMAIN_NAME",
    "application_credential_id": "OS_APPLICATION_CREDENTIAL_ID",
    "application_credential_name": "OS_APPLICATION_CREDENTIAL_NAME",
    "application_credential_secret": "OS_APPLICATION_CREDENTIAL_SECRET",
}
"""keystoneauth1's names of credentials' parts, and the provider's."""

SPOKEN_BY_THE_PROVIDER = frozenset({"password", "v3password", "v3applicationcredential"})
"""The auth types that the provider can use itself, and so renew when a token ends in the middle of an apply."""


def credential_variables(auth: Mapping[str, Any]) -> dict[str, str]:
    return {VARIABLES[key]: str(value) for key, value in auth.items() if key in VARIABLES and value is not None}


def token_variables(auth_url: str, token: str, project_id: str) -> dict[str, str]:
    """For every other auth type: the token that it got us. It lasts as long as Keystone said, and no longer."""
    return {"OS_AUTH_URL": auth_url, "OS_TOKEN": token, "OS_PROJECT_ID": project_id}


def transport_variables(
    verify: bool | str | None, cert: str | tuple[str, str] | None, environ: Mapping[str, str]
) -> dict[str, str]:
    """TLS as Python's side does it; Go knows nothing of REQUESTS_CA_BUNDLE."""
    found: dict[str, str] = {}
    if verify is False:
        found["OS_INSECURE"] = "true"
    bundle = verify if isinstance(verify, str) else environ.get("REQUESTS_CA_BUNDLE")
    if bundle and verify is not False:
        found["OS_CACERT"] = str(Path(bundle).absolute())
    pair = (cert,) if isinstance(cert, str) else cert or ()
    return found | {name: str(Path(file).absolute()) for name, file in zip(("OS_CERT", "OS_KEY"), pair, strict=False)}
