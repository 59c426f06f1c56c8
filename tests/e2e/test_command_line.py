"""What scripts lean on: exit codes, JSON alone on standard output, errors that name the next command."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import CloudUnderTest

from .blueprints import docker_bay
from .command import Magnumctl


def test_version(tmp_path: Path) -> None:
    """`--version` names the program and its version."""
    assert Magnumctl(tmp_path)("--version").stdout == "magnumctl 0.1.0\n"


def test_wrong_usage_exits_64(tmp_path: Path) -> None:
    """An unknown option is wrong usage, and the error names the help."""
    finished = Magnumctl(tmp_path)("plan", "--nonsense")
    assert (finished.exit_code, "magnumctl plan --help" in finished.stderr) == (64, True)


def test_an_invalid_blueprint_exits_65(tmp_path: Path) -> None:
    """A wrong key is named with its place and the nearest valid key."""
    magnumctl = Magnumctl(tmp_path)
    magnumctl.write("version: 1\nbaymodel: {}\n")
    finished = magnumctl("validate")
    assert finished.exit_code == 65
    assert "blueprint.yaml:2:1" in finished.stderr
    assert "baymodels" in finished.stderr


def test_invalid_in_json(tmp_path: Path) -> None:
    """`validate -o json` gives every problem on standard output."""
    magnumctl = Magnumctl(tmp_path)
    magnumctl.write("version: 1\nbaymodel: {}\n")
    finished = magnumctl("validate", "-o", "json")
    assert (finished.exit_code, finished.report["valid"], finished.report["problems"][0]["line"]) == (65, False, 2)


def test_an_error_in_json(tmp_path: Path) -> None:
    """An error asked for in JSON has summary, detail, hint and exit code."""
    magnumctl = Magnumctl(tmp_path, {"OS_CLOUD": "nowhere"})
    magnumctl.write(docker_bay("127.0.0.1/32"))
    finished = magnumctl("plan", "-o", "json")
    assert set(finished.report["error"]) == {"summary", "detail", "hint", "exit_code"}
    assert finished.report["error"]["exit_code"] == finished.exit_code == 1


def test_without_a_terminal_apply_refuses(sandbox_cloud: CloudUnderTest, tmp_path: Path) -> None:
    """Neither a terminal nor `--yes`: nothing is changed."""
    magnumctl = Magnumctl(tmp_path, sandbox_cloud.environ)
    magnumctl.write(docker_bay(sandbox_cloud.allowed_cidr))
    finished = magnumctl("apply")
    assert (finished.exit_code, "--yes" in finished.stderr) == (64, True)
    assert magnumctl.report("history")["changes"] == []


def test_another_projects_bay_is_refused(sandbox_cloud: CloudUnderTest, tmp_path: Path) -> None:
    """A bay recorded for one project cannot be touched with the credentials of another."""
    magnumctl = Magnumctl(tmp_path, sandbox_cloud.environ)
    magnumctl.write(docker_bay(sandbox_cloud.allowed_cidr, workloads=False))
    magnumctl.must("plan")
    finished = magnumctl("destroy", "--bay", "edge", "--yes", "--cloud", sandbox_cloud.other)
    assert (finished.exit_code, "belongs to the project" in finished.stderr) == (1, True)


def test_pending_changes_exit_2_when_asked(sandbox_cloud: CloudUnderTest, tmp_path: Path) -> None:
    """`plan --detailed-exitcode` says 2 for changes, plain plan says 0."""
    magnumctl = Magnumctl(tmp_path, sandbox_cloud.environ)
    magnumctl.write(docker_bay(sandbox_cloud.allowed_cidr))
    assert (magnumctl("plan", "--detailed-exitcode").exit_code, magnumctl("plan").exit_code) == (2, 0)
