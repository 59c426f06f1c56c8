from __future__ import annotations

from pathlib import Path

import pytest

from magnumctl.toolchain.build import SOURCES, build_environment
from magnumctl.toolchain.engines import Engine, EngineName
from magnumctl.toolchain.mirror import pinned_version
from magnumctl.toolchain.providers import provider_settings, provider_state, user_sources


def sources(home: Path, name: EngineName = "terraform", **environ: str) -> list[Path]:
    return list(user_sources(Engine(("x",), name, "x"), {"HOME": str(home), **environ}))


def test_settings_that_are_named_but_missing_are_none(tmp_path: Path) -> None:
    """A variable that names no file says nothing about the provider."""
    assert sources(tmp_path, TF_CLI_CONFIG_FILE=str(tmp_path / "missing")) == []


def test_the_users_settings_are_found(tmp_path: Path) -> None:
    """The named file first, then the one in the home folder."""
    (tmp_path / "named").touch()
    (tmp_path / ".terraformrc").touch()
    assert sources(tmp_path, TF_CLI_CONFIG_FILE=str(tmp_path / "named")) == [
        tmp_path / "named",
        tmp_path / ".terraformrc",
    ]


@pytest.mark.parametrize("file", [".tofurc", ".config/opentofu/tofurc"])
def test_opentofu_has_settings_of_its_own(tmp_path: Path, file: str) -> None:
    """They count for tofu only."""
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).touch()
    assert (sources(tmp_path, "tofu"), sources(tmp_path)) == ([tmp_path / file], [])


def test_a_mirror_in_the_home_folder_counts(tmp_path: Path) -> None:
    """Terraform looks there without being told."""
    mirror = tmp_path / ".terraform.d/plugins/registry.terraform.io/terraform-provider-openstack/openstack"
    mirror.mkdir(parents=True)
    assert sources(tmp_path) == [mirror]


def test_a_registry_that_answered_this_week_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every plan would pay for the question."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "magnumctl/toolchain").mkdir(parents=True)
    (tmp_path / "magnumctl/toolchain/registry.terraform.io-answers").touch()
    engine = Engine(("x",), "terraform", "x")
    assert provider_settings(engine, {"HOME": str(tmp_path)}, lambda _line: None) is None
    assert provider_state(engine, {"HOME": str(tmp_path)}) == "from registry.terraform.io"


def test_the_build_takes_nothing_that_is_not_pinned(tmp_path: Path) -> None:
    """The user's GOFLAGS cannot loosen it, and no other compiler is fetched."""
    built = build_environment(
        {"GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "auto", "GOPROXY": "https://example.org"}, tmp_path
    )
    assert {name: built[name] for name in ("GOFLAGS", "GOTOOLCHAIN", "GOPROXY")} == {
        "GOFLAGS": "-mod=readonly -modcacherw",
        "GOTOOLCHAIN": "local",
        "GOPROXY": "https://example.org",
    }


def test_the_build_uses_the_users_caches(tmp_path: Path) -> None:
    """Where there are none, they go away with the build."""
    built = build_environment({"GOCACHE": "/mine"}, tmp_path)
    assert (built["GOCACHE"], built["GOMODCACHE"]) == ("/mine", str(tmp_path / "modules"))


def test_every_pin_has_both_sums() -> None:
    """go.sum has the sum of the provider's source and of its go.mod."""
    version = pinned_version()
    lines = (SOURCES / "go.sum").read_text().splitlines()
    pins = [
        line
        for line in lines
        if line.startswith("github.com/terraform-provider-openstack/terraform-provider-openstack/v3")
    ]
    assert [line.split()[1] for line in pins] == [f"v{version}", f"v{version}/go.mod"]
