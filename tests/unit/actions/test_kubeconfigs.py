"""A bay's kubeconfig goes into the user's own, and the rest of it stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from magnumctl.actions.kubeconfigs import merge_into, users_file
from magnumctl.errors import UsageError

THEIRS = {
    "apiVersion": "v1",
    "kind": "Config",
    "preferences": {"colors": True},
    "current-context": "work",
    "clusters": [{"name": "work", "cluster": {"server": "https://203.0.113.1"}}],
    "contexts": [{"name": "work", "context": {"cluster": "work", "user": "me"}}],
    "users": [{"name": "me", "user": {"token": "t"}}],
}


def bays(server: str = "https://203.0.113.7:6443") -> str:
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "web",
            "clusters": [{"name": "web", "cluster": {"server": server}}],
            "contexts": [{"name": "web", "context": {"cluster": "web", "user": "magnumctl-web"}}],
            "users": [{"name": "magnumctl-web", "user": {"client-key-data": "k"}}],
        }
    )


def names(file: Path) -> list[str]:
    return [each["name"] for each in yaml.safe_load(file.read_text())["contexts"]]


def test_what_was_there_stays(tmp_path: Path) -> None:
    """Other clusters, users and settings; the bay's context is the current one, the file its owner's alone."""
    file = tmp_path / "config"
    file.write_text(yaml.safe_dump(THEIRS))
    merge_into(file, bays())
    merged = yaml.safe_load(file.read_text())
    assert (names(file), merged["preferences"], merged["current-context"]) == (["work", "web"], {"colors": True}, "web")
    assert merged["users"][0] == THEIRS["users"][0]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_second_merge_replaces_the_first(tmp_path: Path) -> None:
    """No entry is there twice."""
    file = tmp_path / "new" / "config"
    merge_into(file, bays())
    merge_into(file, bays("https://203.0.113.8:6443"))
    assert names(file) == ["web"]
    assert yaml.safe_load(file.read_text())["clusters"][0]["cluster"]["server"] == "https://203.0.113.8:6443"


def test_a_foreign_context_of_the_name_is_left_alone(tmp_path: Path) -> None:
    """UsageError, and the file is as it was."""
    file = tmp_path / "config"
    theirs = {**THEIRS, "contexts": [{"name": "web", "context": {"cluster": "work", "user": "me"}}]}
    file.write_text(yaml.safe_dump(theirs))
    with pytest.raises(UsageError):
        merge_into(file, bays())
    assert yaml.safe_load(file.read_text()) == theirs


@pytest.mark.parametrize("text", ["[]", "a: [", "just words"])
def test_what_is_no_kubeconfig_is_left_alone(tmp_path: Path, text: str) -> None:
    """UsageError, and the file is as it was."""
    file = tmp_path / "config"
    file.write_text(text)
    with pytest.raises(UsageError):
        merge_into(file, bays())
    assert file.read_text() == text


def test_a_link_is_followed(tmp_path: Path) -> None:
    """People keep their kubeconfig elsewhere; the link stays one."""
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert users_file({"KUBECONFIG": f"{tmp_path / 'link'}:/other"}) == tmp_path / "real"


def test_without_kubeconfig_it_is_in_the_home(tmp_path: Path) -> None:
    """As kubectl looks for it."""
    assert users_file({"HOME": str(tmp_path)}) == tmp_path / ".kube" / "config"
