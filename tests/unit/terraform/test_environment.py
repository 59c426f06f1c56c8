from __future__ import annotations

from pathlib import Path

from magnumctl.terraform.environment import child_environment, redact

OURS = {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}


def test_only_what_terraform_needs_passes() -> None:
    """Paths, proxies, certificates and Terraform's own settings pass; other programs' secrets do not."""
    environ = {"PATH": "/bin", "https_proxy": "p", "SSL_CERT_FILE": "c", "TF_LOG": "info", "AWS_SECRET_ACCESS_KEY": "x"}
    wanted = {"PATH": "/bin", "https_proxy": "p", "SSL_CERT_FILE": "c", "TF_LOG": "info"}
    assert child_environment(environ, {}, None) == {**wanted, **OURS}


def test_what_would_change_our_commands_does_not_pass() -> None:
    """Arguments, variables, folders and workspaces are ours to choose."""
    environ = dict.fromkeys(("TF_CLI_ARGS_plan", "TF_VAR_bay", "TF_DATA_DIR", "TF_WORKSPACE", "TF_INPUT"), "x")
    assert child_environment(environ, {}, None) == OURS


def test_the_users_cloud_gives_way_to_ours() -> None:
    """The only OS_* variables are those of the cloud that was chosen."""
    assert child_environment({"OS_CLOUD": "other"}, {"OS_TOKEN": "t"}, None) == {**OURS, "OS_TOKEN": "t"}


def test_settings_that_do_not_exist_are_not_named(tmp_path: Path) -> None:
    """A TF_CLI_CONFIG_FILE without a file is dropped; one with a file passes; ours comes first."""
    there = tmp_path / "terraform.rc"
    there.touch()
    named = [
        child_environment({"TF_CLI_CONFIG_FILE": value}, {}, ours).get("TF_CLI_CONFIG_FILE")
        for value, ours in (("/no/such", None), (str(there), None), (str(there), Path("/ours")))
    ]
    assert named == [None, str(there), "/ours"]


def test_secrets_are_struck_out() -> None:
    """By the names of the variables that hold them; a user's name or a URL stays."""
    credentials = {
        "OS_PASSWORD": "abc",
        "OS_APPLICATION_CREDENTIAL_SECRET": "def",
        "OS_USERNAME": "ops",
        "OS_TOKEN": "",
    }
    assert redact("ops: abc def", credentials) == "ops: *** ***"
