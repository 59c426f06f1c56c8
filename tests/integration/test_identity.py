"""Identity against real Keystone: credentials of every kind, and every refusal in words."""

from __future__ import annotations

import os
import secrets
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from magnumctl.cloud import Cloud
from magnumctl.errors import IdentityError
from magnumctl.identity import Caller, Identity, connect
from magnumctl.pki import new_secrets
from tests.components.certificates import write_serving


@pytest.fixture
def entry(rig_clouds: Path) -> dict[str, Any]:
    """tenant-a's entry, to be altered."""
    return dict(yaml.safe_load(rig_clouds.read_text())["clouds"]["tenant-a"])


@pytest.fixture
def tenant(rig_clouds: Path) -> Identity:
    return connect("tenant-a", {"OS_CLIENT_CONFIG_FILE": str(rig_clouds)})


@pytest.fixture
def admin(rig_clouds: Path) -> Identity:
    return connect("admin", {"OS_CLIENT_CONFIG_FILE": str(rig_clouds)})


def connected(folder: Path, entry: dict[str, Any]) -> Identity:
    path = folder / "clouds.yaml"
    path.write_text(yaml.safe_dump({"clouds": {"lab": entry}}))
    return connect("lab", {"OS_CLIENT_CONFIG_FILE": str(path)})


def refused(folder: Path, entry: dict[str, Any], **auth: Any) -> IdentityError:
    changed = {key: value for key, value in (entry["auth"] | auth).items() if value is not None}
    with pytest.raises(IdentityError) as error:
        connected(folder, entry | {"auth": changed}).caller  # noqa: B018  Keystone is asked here
    assert "marker-password" not in f"{error.value} {error.value.detail} {error.value.hint}"
    return error.value


def by_environment(variables: dict[str, str]) -> Caller:
    """Who Keystone takes these variables for: what terraform_environment gives is read back."""
    return connect(None, {key: value for key, value in variables.items() if key != "OS_ENDPOINT_TYPE"}).caller


def test_a_password_makes_a_caller(tenant: Identity) -> None:
    """Its project, its user, its region, its roles, and a token that lasts."""
    caller = tenant.caller
    assert (caller.project_name, caller.user_name, caller.region) == ("tenant-a", "tenant-a", "RegionOne")
    assert "member" in caller.roles
    assert datetime.fromisoformat(caller.expires_at) > datetime.now(UTC)


def test_variables_make_the_same_caller(tenant: Identity) -> None:
    """What Terraform's provider is given, read by openstacksdk."""
    assert by_environment(tenant.terraform_environment()).user_id == tenant.caller.user_id


def test_keystone_is_asked_once(tenant: Identity) -> None:
    """A second look at the caller, and the requests of a cloud, use the token that is there."""
    first = tenant.session.get_token()
    Cloud(tenant.session, tenant.region).quota()
    assert (tenant.caller, tenant.session.get_token()) == (tenant.caller, first)


def test_the_local_address_is_that_of_the_way_to_keystone(tenant: Identity) -> None:
    """The rig is on loopback."""
    assert tenant.local_address() == "127.0.0.1"


@pytest.fixture
def application_credential(tenant: Identity) -> Iterator[dict[str, str]]:
    user = tenant.caller.user_id
    base = f"{tenant.caller.auth_url}/users/{user}/application_credentials"
    wish = {"application_credential": {"name": f"magnumctl-{secrets.token_hex(4)}"}}
    made = tenant.session.post(base, json=wish).json()["application_credential"]
    yield {"id": made["id"], "secret": made["secret"], "name": made["name"], "url": f"{base}/{made['id']}"}
    tenant.session.delete(f"{base}/{made['id']}", raise_exc=False)


def application_entry(entry: dict[str, Any], **auth: str) -> dict[str, Any]:
    return {
        "auth_type": "v3applicationcredential",
        "auth": {"auth_url": entry["auth"]["auth_url"], **auth},
        "region_name": "RegionOne",
    }


def test_an_application_credential_by_id(
    tmp_path: Path, tenant: Identity, entry: dict[str, Any], application_credential: dict[str, str]
) -> None:
    """It brings its project along, to the session and to Terraform."""
    wish = application_entry(
        entry,
        application_credential_id=application_credential["id"],
        application_credential_secret=application_credential["secret"],
    )
    identity = connected(tmp_path, wish)
    variables = identity.terraform_environment()
    assert identity.caller.project_id == tenant.caller.project_id
    assert {name for name in variables if "PROJECT" in name or "PASSWORD" in name} == set()
    assert variables["OS_APPLICATION_CREDENTIAL_ID"] == application_credential["id"]


def test_an_application_credential_by_name(
    tmp_path: Path, tenant: Identity, entry: dict[str, Any], application_credential: dict[str, str]
) -> None:
    """With the user it belongs to."""
    wish = application_entry(
        entry,
        application_credential_name=application_credential["name"],
        application_credential_secret=application_credential["secret"],
        username="tenant-a",
        user_domain_name="Default",
    )
    assert connected(tmp_path, wish).caller.project_id == tenant.caller.project_id


def test_a_revoked_application_credential(
    tmp_path: Path, tenant: Identity, entry: dict[str, Any], application_credential: dict[str, str]
) -> None:
    """Refused, with Keystone's reason."""
    tenant.session.delete(application_credential["url"])
    wish = application_entry(
        entry,
        application_credential_id=application_credential["id"],
        application_credential_secret=application_credential["secret"],
    )
    assert refused(tmp_path, wish).summary == "Keystone refused the credentials of cloud lab"


def test_a_token(tmp_path: Path, tenant: Identity, entry: dict[str, Any]) -> None:
    """Another session's token, rescoped to the project; Terraform gets a token too."""
    auth = {
        "auth_url": entry["auth"]["auth_url"],
        "token": tenant.session.get_token(),
        "project_id": tenant.caller.project_id,
    }
    identity = connected(tmp_path, {"auth_type": "v3token", "auth": auth, "region_name": "RegionOne"})
    variables = identity.terraform_environment()
    assert identity.caller.project_id == tenant.caller.project_id
    assert sorted(variables) == ["OS_AUTH_URL", "OS_ENDPOINT_TYPE", "OS_PROJECT_ID", "OS_REGION_NAME", "OS_TOKEN"]


def test_a_token_in_the_environment(tenant: Identity, entry: dict[str, Any]) -> None:
    """OS_AUTH_TYPE=token with OS_TOKEN."""
    environ = {
        "OS_AUTH_TYPE": "token",
        "OS_AUTH_URL": entry["auth"]["auth_url"],
        "OS_TOKEN": str(tenant.session.get_token()),
        "OS_PROJECT_ID": tenant.caller.project_id,
    }
    assert connect(None, environ).caller.user_id == tenant.caller.user_id


def test_an_invalid_token(tmp_path: Path, entry: dict[str, Any]) -> None:
    """Expired, revoked or made up: Keystone says the same."""
    auth = {"auth_url": entry["auth"]["auth_url"], "token": "made-up", "project_name": "tenant-a"}
    wish = {"auth_type": "v3token", "auth": auth | {"project_domain_name": "Default"}}
    assert refused(tmp_path, wish).summary == "Keystone refused the credentials of cloud lab"


def test_a_wrong_password(tmp_path: Path, entry: dict[str, Any]) -> None:
    """Where to look is said; what was typed is not."""
    error = refused(tmp_path, entry, password="marker-password")
    assert error.summary == "Keystone refused the credentials of cloud lab"
    assert error.hint == f"check them in {tmp_path / 'clouds.yaml'}"


def test_a_project_that_is_not_theirs(tmp_path: Path, entry: dict[str, Any]) -> None:
    """Keystone answers as to a wrong password."""
    assert refused(tmp_path, entry, project_name="tenant-b").summary == "Keystone refused the credentials of cloud lab"


@pytest.fixture
def homeless(admin: Identity) -> Iterator[dict[str, str]]:
    """A user without a project."""
    base = f"{admin.caller.auth_url}/users"
    wish = {"name": f"homeless-{secrets.token_hex(4)}", "password": "marker-password", "domain_id": "default"}
    made = admin.session.post(base, json={"user": wish}).json()["user"]
    yield {"username": wish["name"], "password": wish["password"]}
    admin.session.delete(f"{base}/{made['id']}")


def test_credentials_without_a_project(tmp_path: Path, entry: dict[str, Any], homeless: dict[str, str]) -> None:
    """A token without a project can do nothing; what is missing is said."""
    error = refused(tmp_path, entry, **homeless, project_name=None, project_domain_name=None)
    assert error.summary == "the credentials of cloud lab name no project"


def test_a_keystone_that_is_not_there(tmp_path: Path, entry: dict[str, Any]) -> None:
    """Nobody listens."""
    error = refused(tmp_path, entry, auth_url=f"http://127.0.0.1:{free_port()}/v3")
    assert error.summary.endswith("/v3 cannot be reached")
    assert error.detail == "[Errno 111] Connection refused"


def test_a_keystone_whose_name_nobody_knows(tmp_path: Path, entry: dict[str, Any]) -> None:
    """.invalid never resolves (RFC 2606)."""
    error = refused(tmp_path, entry, auth_url="http://keystone.invalid:5000/v3")
    assert error.summary == "http://keystone.invalid:5000/v3 cannot be reached"


def test_an_address_that_is_no_keystone(tmp_path: Path, entry: dict[str, Any]) -> None:
    """A path that does not exist there."""
    error = refused(tmp_path, entry, auth_url=f"{entry['auth']['auth_url']}/nowhere/v3")
    assert "is not a Keystone v3" in error.summary


def test_keystone_that_never_answers(tmp_path: Path, entry: dict[str, Any]) -> None:
    """It is given up in the time that the cloud's api_timeout allows."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        error = refused(tmp_path, entry | {"api_timeout": 1}, auth_url=f"http://127.0.0.1:{port}/v3")
    assert error.summary == f"http://127.0.0.1:{port}/v3 did not answer in time"


def test_a_certificate_that_is_not_trusted(tmp_path: Path, entry: dict[str, Any]) -> None:
    """A CA of its own, and no cacert."""
    with tls_server(tmp_path) as port:
        error = refused(tmp_path, entry, auth_url=f"https://127.0.0.1:{port}/v3")
    assert error.summary == f"the TLS certificate of https://127.0.0.1:{port}/v3 is not trusted"


def test_a_region_that_is_not_there(tmp_path: Path, entry: dict[str, Any]) -> None:
    """The nearest is offered."""
    error = refused(tmp_path, entry | {"region_name": "RegionTwo"})
    assert (error.summary, error.detail) == (
        "cloud lab has no region RegionTwo",
        "did you mean RegionOne? it has RegionOne",
    )


def test_a_region_that_is_not_said(tmp_path: Path, entry: dict[str, Any]) -> None:
    """A cloud with one region needs none."""
    identity = connected(tmp_path, {key: value for key, value in entry.items() if key != "region_name"})
    assert identity.region == "RegionOne"


def test_nothing_is_said_on_stderr(tmp_path: Path, entry: dict[str, Any]) -> None:
    """A refusal speaks once, as an error, also in another process than this one."""
    (tmp_path / "clouds.yaml").write_text(yaml.safe_dump({"clouds": {"lab": entry}}))
    program = "import os; from magnumctl.identity import connect; print(connect('lab', os.environ).caller.project_name)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"OS_CLIENT_CONFIG_FILE": str(tmp_path / "clouds.yaml")},
        capture_output=True,
        check=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("tenant-a\n", "")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def tls_server(folder: Path) -> Iterator[int]:
    """The port of a server that shakes hands, with a certificate of an authority that nobody knows."""
    kubernetes = new_secrets("kubernetes", ["control-plane-0"]).kubernetes
    assert kubernetes
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*write_serving(folder, kubernetes.ca, ["127.0.0.1"]))
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=shake_hands, args=(server, context), daemon=True).start()
        yield server.getsockname()[1]


def shake_hands(server: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            with suppress(OSError), context.wrap_socket(client, server_side=True):
                pass
