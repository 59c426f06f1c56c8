"""The one entry to every check: `nox` runs them all, `nox --sessions unit` one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "unit", "contract", "integration", "e2e"]

HERE = Path(__file__).parent
PACKAGES = {
    "dockerd": "docker.io",
    "docker": "docker.io",
    "iptables": "iptables",
    "cloud-init": "cloud-init",
    "mariadbd": "mariadb-server-core",
    "mariadb": "mariadb-client-core",
    "openssl": "openssl",
    "curl": "curl",
    "bc": "bc",
    "busybox": "busybox-static",
    "ip": "iproute2",
    "git": "git",
}
"""Programs that tests meet, and the Debian packages they come from."""
NODE_PACKAGES = {"mmdebstrap": "mmdebstrap", "gcc": "gcc libc6-dev", "depmod": "kmod"}
"""What real nodes are made with, beside those."""

SIDE_BY_SIDE = ("--numprocesses=2", "--dist=loadfile", "--durations=15")
"""Files of tests that mostly wait for a cloud, two at a time; what is in one file shares its cloud and its bays."""


def python(session: nox.Session, *words: str) -> None:
    engine = os.environ.get("MAGNUMCTL_TERRAFORM", "embedded")
    environ = {"PATH": search_path(), "MAGNUMCTL_TERRAFORM": engine}
    session.run(sys.executable, *words, external=True, env=environ)


def search_path() -> str:
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin", "/sbin"])


def install_parts(session: nox.Session, packages: Mapping[str, str] = PACKAGES) -> None:
    """The Debian packages that the tests need and this machine lacks."""
    lacking = (wanted for program, wanted in packages.items() if not shutil.which(program, path=search_path()))
    missing = {package for wanted in lacking for package in wanted.split()}
    if not missing:
        return
    root = [] if os.geteuid() == 0 else ["sudo"]
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    session.run(*apt, "update", external=True)
    session.run(*apt, "install", "-y", "--no-install-recommends", *sorted(missing), external=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff's rules and format."""
    python(session, "-m", "ruff", "check", ".")
    python(session, "-m", "ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """mypy, strict."""
    python(session, "-m", "mypy")


@nox.session
def unit(session: nox.Session) -> None:
    """The pure middle and everything else that needs no network."""
    python(session, "-m", "pytest", "tests/unit", *session.posargs)


@nox.session
def contract(session: nox.Session) -> None:
    """The promises between the parts."""
    python(session, "-m", "pytest", "tests/contract", *session.posargs)


@nox.session
def integration(session: nox.Session) -> None:
    """One real component each: Terraform, its provider, OpenStack, dockerd, kube-apiserver."""
    install_parts(session)
    python(session, "-m", "pytest", "tests/integration", *SIDE_BY_SIDE, *session.posargs)


@nox.session
def e2e(session: nox.Session) -> None:
    """The installed command, read as a story, on the sandbox and on the real OpenStack."""
    install_parts(session)
    python(session, "-m", "pytest", "tests/e2e", *SIDE_BY_SIDE, *session.posargs)


@nox.session
def real(session: nox.Session) -> None:
    """The story on nodes that really boot: OpenStack's servers are machines of their own (root; an amd64 Debian)."""
    install_parts(session, PACKAGES | NODE_PACKAGES)
    python(session, "-m", "pytest", "tests/real", "--durations=15", *session.posargs)


@nox.session
def golden(session: nox.Session) -> None:
    """Rewrites the golden files, and still fails, so that the difference is read."""
    session.env["MAGNUMCTL_UPDATE_GOLDEN"] = "1"
    python(session, "-m", "pytest", "tests/unit", "-k", "golden", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios against peers, printed: plain Terraform, the OpenStack client."""
    install_parts(session)
    python(session, "tests/bench.py", *session.posargs)
