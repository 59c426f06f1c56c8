"""The boot scripts, run by sh with programs that stand in for those of a node and write down how they were called."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from magnumctl.blueprint.model import Kubernetes
from magnumctl.compiler import CompiledBay, compile_bay
from magnumctl.pki import BaySecrets, new_secrets
from tests.components.certificates import write_serving
from tests.integration.test_await_api import served
from tests.unit.compiler.bays import IDENTITY, compiled, control_plane, docker_bay, group, kubernetes_bay

VERSION = '[ "$1" != version ] || echo v1.34.4\n'
API = "127.66.0.1"
"""Where the nodes of these tests look for their bay's API."""


@dataclass(frozen=True)
class Booted:
    code: int
    console: list[str]
    calls: list[str]
    folder: Path


def boot(tmp_path: Path, bay: CompiledBay, node: str, **programs: str) -> Booted:
    """The node's files under a folder, every path of the script turned to it, and its programs on PATH alone."""
    for file in yaml.safe_load(bay.user_data[node])["write_files"]:
        path = tmp_path / file["path"].lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(turned(file["content"], tmp_path))
    for folder in ("bin", "var/log", "dev"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    for name in {"systemctl", "journalctl", *programs}:
        program(tmp_path, name, programs.get(name, ""))
    script = ["sh", str(tmp_path / "etc/magnumctl/boot")]
    environ = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin"}
    done = subprocess.run(script, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return Booted(done.returncode, lines(tmp_path / "dev/console"), lines(tmp_path / "calls"), tmp_path)


def turned(content: str, folder: Path) -> str:
    for top in ("/etc/magnumctl", "/etc/kubernetes", "/var/log", "/dev/console"):
        content = content.replace(top, f"{folder}{top}")
    content = content.replace("@@INTERNAL_API_ADDRESS@@", API)
    # a console takes one line after another; a file has to be told
    return content.replace(f">{folder}/dev/console", f">>{folder}/dev/console")


def program(folder: Path, name: str, body: str) -> None:
    path = folder / "bin" / name
    path.write_text(f'#!/bin/sh\necho "{name} $*" >>{folder}/calls\n{body}')
    path.chmod(0o755)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def test_a_docker_node_is_told_of_its_settings_and_restarted(tmp_path: Path) -> None:
    """The metadata rule stands before dockerd starts anew."""
    booted = boot(tmp_path, compiled(docker_bay()), "workers-0", dockerd="")
    assert (booted.code, booted.calls) == (
        0,
        [
            "systemctl enable --now magnumctl-metadata.service",
            "systemctl restart docker.service",
        ],
    )
    assert booted.console == ["magnumctl: stage 1/2 metadata", "magnumctl: stage 2/2 docker", "magnumctl: ready"]


def test_an_image_without_docker_is_named_on_the_console(tmp_path: Path) -> None:
    """The stage, and what was wrong, in one line; cloud-init sees a failure."""
    booted = boot(tmp_path, compiled(docker_bay()), "workers-0")
    assert (booted.code, booted.console[-1].strip()) == (1, "magnumctl: failed: docker: this image has no dockerd")


def test_a_docker_that_does_not_start_says_why(tmp_path: Path) -> None:
    """What dockerd last wrote to the journal is on the console."""
    systemctl = 'case "$*" in "restart docker.service") exit 1;; esac\n'
    journal = "echo unable to configure the daemon: bad certificate\n"
    booted = boot(tmp_path, compiled(docker_bay()), "workers-0", dockerd="", systemctl=systemctl, journalctl=journal)
    assert booted.code == 1
    assert booted.console[-1].startswith("magnumctl: failed: docker: unable to configure the daemon: bad certificate")


def test_the_first_control_plane_is_of_the_images_version(tmp_path: Path) -> None:
    """ "1.34" in the blueprint becomes what kubeadm of the image is."""
    booted = boot(tmp_path, compiled(kubernetes_bay()), "control-plane-0", kubeadm=VERSION, kubectl="")
    documents = list(yaml.safe_load_all((tmp_path / "etc/magnumctl/kubeadm.yaml").read_text()))
    assert (booted.code, documents[1]["kubernetesVersion"]) == (0, "v1.34.4")
    assert booted.console == [
        "magnumctl: stage 1/4 metadata",
        "magnumctl: stage 2/4 image",
        "magnumctl: stage 3/4 init",
        "magnumctl: stage 4/4 manifests",
        "magnumctl: ready",
    ]
    kubectl = f"kubectl --kubeconfig {tmp_path}/etc/kubernetes/admin.conf --request-timeout=20s"
    assert booted.calls[-2:] == [
        f"kubeadm init --config {tmp_path}/etc/magnumctl/kubeadm.yaml --skip-token-print",
        f"{kubectl} apply -f {tmp_path}/etc/magnumctl/manifests",
    ]


@pytest.mark.parametrize("node", ["control-plane-1", "workers-0"])
def test_every_other_node_joins(tmp_path: Path, node: str) -> None:
    """One kubeadm join with the node's own configuration."""
    bay = compiled(kubernetes_bay(control_plane(3), group("workers", 1)))
    booted = boot(tmp_path, bay, node, kubeadm=VERSION, python3="")
    assert booted.calls[-2] == f"python3 {tmp_path}/etc/magnumctl/await-api {API} {tmp_path}/etc/magnumctl/kubeadm.yaml"
    assert booted.calls[-1] == f"kubeadm join --config {tmp_path}/etc/magnumctl/kubeadm.yaml"
    assert booted.console[-1] == "magnumctl: ready"


def test_an_image_of_another_minor_version_is_refused(tmp_path: Path) -> None:
    """1.33 in the blueprint, 1.34 in the image: nothing is begun."""
    bay = compiled(kubernetes_bay(kubernetes=Kubernetes(version="1.33")))
    booted = boot(tmp_path, bay, "workers-0", kubeadm=VERSION)
    assert booted.console[-1].strip() == (
        "magnumctl: failed: image: the blueprint asks for Kubernetes 1.33, kubeadm here is v1.34.4"
    )
    assert "kubeadm join" not in " ".join(booted.calls)


def test_a_version_is_not_taken_for_a_longer_one(tmp_path: Path) -> None:
    """1.3 is not 1.34."""
    bay = compiled(kubernetes_bay(kubernetes=Kubernetes(version="1.3")))
    assert boot(tmp_path, bay, "workers-0", kubeadm=VERSION).code == 1


def test_a_failing_kubeadm_shows_its_last_words(tmp_path: Path) -> None:
    """The console has kubeadm's own lines, joined."""
    kubeadm = VERSION + '[ "$1" != join ] || { echo "[ERROR NumCPU]: too few"; echo "see --help"; exit 3; }\n'
    booted = boot(tmp_path, compiled(kubernetes_bay()), "workers-0", kubeadm=kubeadm, python3="")
    assert (booted.code, booted.console[-1].strip()) == (
        3,
        "magnumctl: failed: join: [ERROR NumCPU]: too few see --help",
    )


def test_a_control_plane_that_answers_is_not_cut_in_two(tmp_path: Path) -> None:
    """A rebuilt first node stops before init while others serve with a certificate of the bay's authority."""
    secrets = new_secrets("kubernetes", [])
    with api(tmp_path, secrets, "ca"):
        bay = compile_bay(kubernetes_bay(), IDENTITY, secrets, (), ())
        booted = boot(tmp_path, bay, "control-plane-0", kubeadm=VERSION, kubectl="")
    assert "the bay has a control plane already" in booted.console[-1]
    assert "kubeadm init" not in " ".join(booted.calls)


def test_an_answer_from_a_stranger_stops_nobody(tmp_path: Path) -> None:
    """A server at the API's address whose certificate is of another authority is no control plane of the bay."""
    secrets = new_secrets("kubernetes", [])
    with api(tmp_path, secrets, "etcd_ca"):
        bay = compile_bay(kubernetes_bay(), IDENTITY, secrets, (), ())
        booted = boot(tmp_path, bay, "control-plane-0", kubeadm=VERSION, kubectl="")
    assert [call for call in booted.calls if call.startswith("kubeadm init")] != []


@contextmanager
def api(folder: Path, secrets: BaySecrets, authority: str) -> Iterator[None]:
    """A server at the API's address with a certificate of this authority, which knows the bay's token."""
    assert secrets.kubernetes
    signed = f'{{"data": {{"jws-kubeconfig-{secrets.kubernetes.bootstrap_token.partition(".")[0]}": "x"}}}}'
    certificate = write_serving(folder, getattr(secrets.kubernetes, authority), [API])
    with served(API, certificate, [signed]):
        yield
