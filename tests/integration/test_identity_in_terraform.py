"""terraform_environment against the real provider and real Keystone: the provider is the same caller."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from magnumctl.identity import Identity, connect
from magnumctl.toolchain.engines import Engine, find_engine
from magnumctl.toolchain.providers import provider_settings

WHO_AM_I = """
terraform {
  required_providers {
    openstack = { source = "terraform-provider-openstack/openstack" }
  }
}
data "openstack_identity_auth_scope_v3" "me" { name = "me" }
data "openstack_networking_network_v2" "public" { name = "public" }
locals { me = data.openstack_identity_auth_scope_v3.me }
output "me" { value = [local.me.project_id, local.me.user_id] }
"""


@dataclass(frozen=True)
class Provider:
    """An initialised folder, and the provider in it asked who it is."""

    engine: Engine
    folder: Path
    environ: dict[str, str]

    def run(self, *words: str, credentials: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            [*self.engine.command, *words],
            cwd=self.folder,
            env=self.environ | (credentials or {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def asked(self, credentials: dict[str, str]) -> tuple[str, str]:
        self.run("apply", "-auto-approve", "-input=false", credentials=credentials)
        project, user = json.loads(self.run("output", "-json", "me"))
        return project, user


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Provider:
    folder = tmp_path_factory.mktemp("who-am-i")
    (folder / "main.tf").write_text(WHO_AM_I)
    engine = find_engine(os.environ)
    settings = provider_settings(engine, os.environ, print)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
    found = Provider(engine, folder, kept | ({"TF_CLI_CONFIG_FILE": str(settings)} if settings else {}))
    found.run("init", "-input=false")
    return found


@pytest.fixture
def tenant(rig_clouds: Path) -> Identity:
    return connect("tenant-a", {"OS_CLIENT_CONFIG_FILE": str(rig_clouds)})


@pytest.fixture
def application_credential(tenant: Identity) -> Iterator[dict[str, str]]:
    base = f"{tenant.caller.auth_url}/users/{tenant.caller.user_id}/application_credentials"
    wish = {"application_credential": {"name": f"magnumctl-{secrets.token_hex(4)}"}}
    made = tenant.session.post(base, json=wish).json()["application_credential"]
    yield made
    tenant.session.delete(f"{base}/{made['id']}")


def with_auth(folder: Path, auth_type: str, auth: dict[str, Any]) -> Identity:
    entry = {"auth_type": auth_type, "auth": auth, "region_name": "RegionOne"}
    path = folder / "clouds.yaml"
    path.write_text(yaml.safe_dump({"clouds": {"lab": entry}}))
    return connect("lab", {"OS_CLIENT_CONFIG_FILE": str(path)})


def check(provider: Provider, identity: Identity, tenant: Identity) -> None:
    expected = (tenant.caller.project_id, tenant.caller.user_id)
    assert provider.asked(identity.terraform_environment()) == expected


def test_a_password(provider: Provider, tenant: Identity) -> None:
    """User, project and their domains by name."""
    check(provider, tenant, tenant)


def test_an_auth_url_without_a_version(provider: Provider, tenant: Identity, tmp_path: Path, rig_clouds: Path) -> None:
    """Keystone tells both of us what it speaks."""
    auth = yaml.safe_load(rig_clouds.read_text())["clouds"]["tenant-a"]["auth"]
    url = str(auth["auth_url"]).removesuffix("/v3")
    check(provider, with_auth(tmp_path, "password", auth | {"auth_url": url}), tenant)


def test_an_application_credential_by_id(
    provider: Provider, tenant: Identity, tmp_path: Path, application_credential: dict[str, str]
) -> None:
    """The first choice for everything that runs without a person."""
    auth = {
        "auth_url": tenant.caller.auth_url,
        "application_credential_id": application_credential["id"],
        "application_credential_secret": application_credential["secret"],
    }
    check(provider, with_auth(tmp_path, "v3applicationcredential", auth), tenant)


def test_an_application_credential_by_name(
    provider: Provider, tenant: Identity, tmp_path: Path, application_credential: dict[str, str]
) -> None:
    """With the user it belongs to."""
    auth = {
        "auth_url": tenant.caller.auth_url,
        "application_credential_name": application_credential["name"],
        "application_credential_secret": application_credential["secret"],
        "username": "tenant-a",
        "user_domain_name": "Default",
    }
    check(provider, with_auth(tmp_path, "v3applicationcredential", auth), tenant)


def test_a_token(provider: Provider, tenant: Identity, tmp_path: Path) -> None:
    """As for every auth type that the provider does not speak."""
    auth = {
        "auth_url": tenant.caller.auth_url,
        "token": tenant.session.get_token(),
        "project_id": tenant.caller.project_id,
    }
    check(provider, with_auth(tmp_path, "v3token", auth), tenant)
