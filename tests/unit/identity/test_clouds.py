"""Which cloud is meant."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from magnumctl.errors import IdentityError
from magnumctl.identity import connect

from .files import PASSWORD, clouds_file

VARIABLES = {
    "OS_AUTH_URL": "https://keystone.example:5000/v3",
    "OS_USERNAME": "ada",
    "OS_PASSWORD": "marker-password",
    "OS_PROJECT_NAME": "engines",
    "OS_USER_DOMAIN_NAME": "Default",
    "OS_PROJECT_DOMAIN_NAME": "Default",
}


def refusal(cloud: str | None, environ: dict[str, str]) -> IdentityError:
    with pytest.raises(IdentityError) as error:
        connect(cloud, environ)
    return error.value


def test_the_named_cloud_comes_first(tmp_path: Path) -> None:
    """Before OS_CLOUD and before the variables."""
    environ = clouds_file(tmp_path, a=PASSWORD, b=PASSWORD) | VARIABLES | {"OS_CLOUD": "b"}
    assert connect("a", environ).cloud == "a"


def test_then_os_cloud(tmp_path: Path) -> None:
    """Before the variables."""
    environ = clouds_file(tmp_path, a=PASSWORD, b=PASSWORD) | VARIABLES | {"OS_CLOUD": "b"}
    assert connect(None, environ).cloud == "b"


def test_then_the_variables(tmp_path: Path) -> None:
    """Before a clouds.yaml with one cloud."""
    assert connect(None, clouds_file(tmp_path, a=PASSWORD) | VARIABLES).cloud == "envvars"


def test_then_the_only_cloud(tmp_path: Path) -> None:
    """Nothing else can be meant."""
    assert connect(None, clouds_file(tmp_path, a=PASSWORD)).cloud == "a"


def test_several_clouds_and_none_chosen(tmp_path: Path) -> None:
    """They are listed."""
    environ = clouds_file(tmp_path, a=PASSWORD, b=PASSWORD)
    assert refusal(None, environ).detail == f"{environ['OS_CLIENT_CONFIG_FILE']} has a, b"


def test_a_bay_recorded_from_variables_finds_them_again() -> None:
    """The ledger remembers the cloud as `envvars`."""
    assert connect("envvars", VARIABLES).cloud == "envvars"


def test_variables_may_carry_a_name() -> None:
    """OS_CLOUD_NAME, as openstacksdk has it."""
    assert connect(None, VARIABLES | {"OS_CLOUD_NAME": "lab"}).cloud == "lab"


def test_variables_that_only_choose_describe_no_cloud() -> None:
    """A region alone is none."""
    assert refusal("envvars", {"OS_REGION_NAME": "north"}).hint == "source an openrc file"


def test_an_unknown_cloud_names_the_nearest_and_the_file(tmp_path: Path) -> None:
    """And every other that there is."""
    environ = clouds_file(tmp_path, production=PASSWORD, lab=PASSWORD)
    error = refusal("prodution", environ)
    assert error.summary == "there is no cloud prodution"
    assert error.detail == f"did you mean production? {environ['OS_CLIENT_CONFIG_FILE']} has lab, production"


@pytest.mark.parametrize("text", ["clouds: [", "clouds: {a: 1", "\tclouds:"])
def test_a_broken_file_is_an_error_and_not_passed_over(tmp_path: Path, text: str) -> None:
    """openstacksdk would go on to the next file, and to another cloud of the same name."""
    path = tmp_path / "clouds.yaml"
    path.write_text(text)
    assert refusal("a", {"OS_CLIENT_CONFIG_FILE": str(path)}).summary == f"{path} cannot be read"


def test_a_broken_file_does_not_show_its_secrets(tmp_path: Path) -> None:
    """A YAML error likes to quote the line."""
    path = tmp_path / "clouds.yaml"
    path.write_text("clouds:\n  a:\n    auth: {password: marker-password: x}\n")
    error = refusal("a", {"OS_CLIENT_CONFIG_FILE": str(path)})
    assert (error.detail, "marker" in str(error)) == ("line 3, column 37", False)


@pytest.mark.parametrize("content", [None, [], {}, {"clouds": None}, {"clouds": ["a"]}, {"clouds": {"a": None}}])
def test_a_file_without_clouds_is_named(tmp_path: Path, content: object) -> None:
    """Whatever stands there instead."""
    path = tmp_path / "clouds.yaml"
    path.write_text(yaml.safe_dump(content))
    assert refusal("a", {"OS_CLIENT_CONFIG_FILE": str(path)}).summary == f"{path} describes no clouds"


def test_credentials_with_a_part_missing(tmp_path: Path) -> None:
    """The part is named, and the file."""
    environ = clouds_file(tmp_path, a={"auth": {"username": "ada", "password": "x"}})
    error = refusal("a", environ)
    assert error.detail == "Auth plugin requires parameters which were not given: auth_url"
    assert error.hint == f"add what is missing to {environ['OS_CLIENT_CONFIG_FILE']}"


def test_an_auth_type_that_nobody_knows(tmp_path: Path) -> None:
    """keystoneauth1's word for it."""
    environ = clouds_file(tmp_path, a=PASSWORD | {"auth_type": "v9magic"})
    assert refusal("a", environ).detail == "The plugin v9magic could not be found"


def test_the_region_of_an_openrc_does_not_move_a_named_cloud(tmp_path: Path) -> None:
    """Its own region stands; OS_REGION_NAME fills only a gap."""
    environ = clouds_file(tmp_path, a=PASSWORD) | {"OS_REGION_NAME": "south"}
    connect("a", environ)


def test_a_region_that_the_file_does_not_have(tmp_path: Path) -> None:
    """The file lists the cloud's regions, and the chosen one is not among them."""
    entry = {"auth": PASSWORD["auth"], "regions": ["north", "east"]}
    assert refusal("a", clouds_file(tmp_path, a=entry) | {"OS_REGION_NAME": "south"}).summary == (
        "the settings of cloud a are wrong"
    )


def test_the_sandbox_is_built_in(tmp_path: Path) -> None:
    """It is found where it wrote its clouds.yaml, beside the user's own clouds."""
    own = clouds_file(tmp_path, a=PASSWORD)
    (tmp_path / "sandbox").mkdir()
    sandbox = clouds_file(tmp_path / "sandbox", sandbox=PASSWORD)["OS_CLIENT_CONFIG_FILE"]
    assert connect("sandbox", own | {"MAGNUMCTL_SANDBOX_CLOUDS": sandbox}).cloud == "sandbox"


def test_the_users_own_sandbox_wins(tmp_path: Path) -> None:
    """An entry of that name in clouds.yaml."""
    own = clouds_file(tmp_path, sandbox=PASSWORD)
    assert connect("sandbox", own | {"MAGNUMCTL_SANDBOX_CLOUDS": str(tmp_path / "none")}).cloud == "sandbox"


def test_a_sandbox_that_does_not_run(tmp_path: Path) -> None:
    """The command that starts it."""
    own = clouds_file(tmp_path, a=PASSWORD)
    assert refusal("sandbox", own | {"MAGNUMCTL_SANDBOX_CLOUDS": str(tmp_path / "none")}).hint == "magnumctl sandbox"


def test_no_secret_shows_in_a_repr(tmp_path: Path) -> None:
    """repr ends up in tracebacks and logs."""
    assert repr(connect("a", clouds_file(tmp_path, a=PASSWORD))) == "Identity(cloud='a')"
