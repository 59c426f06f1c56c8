from __future__ import annotations

import random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from magnumctl.compiler.cloud_config import LARGEST, File, cloud_config, compressed_size
from magnumctl.errors import BlueprintError
from tests.unit.compiler.bays import EXTRA, compiled, docker_bay

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \n\t\r\x85\u2028\ufeff:#'\"|-"))


@given(TEXT, TEXT)
def test_a_file_arrives_as_it_was(path: str, content: str) -> None:
    """Whatever characters a file has, YAML gives them back."""
    document = yaml.safe_load(cloud_config([File(path, content)], {}))
    assert document["write_files"] == [{"path": path, "permissions": "0644", "content": content}]


def test_user_data_begins_with_the_line_that_cloud_init_looks_for() -> None:
    """The first line is #cloud-config and nothing else."""
    assert compiled(docker_bay()).user_data["workers-0"].splitlines()[0] == "#cloud-config"


def test_the_users_files_and_commands_come_after_ours() -> None:
    """None of ours is lost, and other keys are the user's own."""
    ours = yaml.safe_load(compiled(docker_bay()).user_data["workers-0"])
    both = yaml.safe_load(compiled(docker_bay(user_data=EXTRA)).user_data["workers-0"])
    assert both == {
        "write_files": [*ours["write_files"], {"path": "/etc/motd", "content": "hello\n"}],
        "runcmd": [*ours["runcmd"], ["touch", "/var/tmp/theirs"]],
        "timezone": "Europe/Paris",
    }


@pytest.mark.parametrize("text", ["", "#cloud-config\n", "# nothing\n"])
def test_an_empty_cloud_config_adds_nothing(text: str) -> None:
    """An empty file is no mistake."""
    assert compiled(docker_bay(user_data=text)).user_data == compiled(docker_bay()).user_data


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\nreboot\n",
        "## template: jinja\n#cloud-config\n",
        "#cloud-config-archive\n- x\n",
        "- a list\n",
        "a: [unclosed\n",
        "a: 1\n\tb: 2\n",
        "1: 2\n",
        "when: 2026-99-99\n",
        "[" * 5000,
        "!!python/object/apply:os.system [reboot]\n",
    ],
)
def test_user_data_that_is_no_cloud_config_is_refused(text: str) -> None:
    """Scripts, templates, archives, lists, broken YAML: one error that names the bay."""
    with pytest.raises(BlueprintError, match="user_data of bay edge is no cloud-config"):
        compiled(docker_bay(user_data=text))


@pytest.mark.parametrize("path", ["/etc/docker/daemon.json", "/etc/magnumctl/boot", "/etc//docker/./daemon.json"])
def test_user_data_may_not_write_over_our_files(path: str) -> None:
    """The file would replace ours on the node, and with it mutual TLS."""
    with pytest.raises(BlueprintError, match="which magnumctl writes itself"):
        compiled(docker_bay(user_data=f"write_files: [{{path: {path}, content: x}}]\n"))


@pytest.mark.parametrize("key", ["write_files", "runcmd"])
@pytest.mark.parametrize("value", ["text", "{a: b}", "7"])
def test_files_and_commands_of_user_data_are_lists(key: str, value: str) -> None:
    """Anything else would be lost, or lose ours."""
    with pytest.raises(BlueprintError) as raised:
        compiled(docker_bay(user_data=f"{key}: {value}\n"))
    assert raised.value.detail == f"{key} is no list"


def test_user_data_that_nova_would_refuse_is_refused_before() -> None:
    """The error names the node, the size and the limit."""
    noise = random.Random(1).randbytes(40_000).hex()
    with pytest.raises(BlueprintError, match=rf"edge-workers-0 is too large: \d+ bytes, Nova takes {LARGEST}"):
        compiled(docker_bay(user_data=f"write_files: [{{path: /x, content: {noise}}}]\n"))


def test_a_large_but_compressible_file_is_taken() -> None:
    """The limit is on what is sent, which is compressed."""
    text = compiled(docker_bay(user_data=f"write_files: [{{path: /x, content: {'a' * 200_000}}}]\n"))
    assert compressed_size(text.user_data["workers-0"]) < LARGEST
