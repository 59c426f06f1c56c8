"""Verbs on single pods, services and containers, by the installed command, on one applied workspace."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from textwrap import dedent

import pexpect
import pytest

from tests.conftest import CloudUnderTest

from .command import COMMAND, Finished, Magnumctl

WORKSPACE = """
version: 1
baymodels:
  docker-small: {coe: docker, image: debian-12-docker, flavor: m1.small, external_network: public, api: {allowed_cidrs: [CIDR]}}
  k8s-small: {coe: kubernetes, image: debian-12-kube, flavor: m1.small, external_network: public, api: {allowed_cidrs: [CIDR]}}
bays:
  edge: {baymodel: docker-small, nodes: 1}
  web: {baymodel: k8s-small, control_plane: 1, nodes: 1}
containers:
  cache: {bay: edge, image: "redis:8", ports: ["6379:6379"], restart: always}
  job: {bay: edge, image: "busybox:1.37", command: [sh, -c, "trap exit TERM; while true; do echo working; sleep 1; done"]}
pods:
  nginx: {bay: web, image: "nginx:1.29", ports: [80], labels: {app: nginx}, replicas: 2}
  one: {bay: web, image: "busybox:1.37", command: [sleep, infinity]}
services:
  nginx: {bay: web, selector: {app: nginx}, ports: [{port: 80, target_port: 80, node_port: 30080}], type: NodePort}
"""  # noqa: E501
SECOND = """
version: 1
baymodels:
  docker-small: {coe: docker, image: debian-12-docker, flavor: m1.small, external_network: public, api: {allowed_cidrs: [CIDR]}}
bays:
  rim: {baymodel: docker-small, nodes: 1}
containers:
  cache: {bay: rim, image: "redis:8"}
"""  # noqa: E501


@pytest.fixture(scope="module")
def applied(sandbox_cloud: CloudUnderTest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Magnumctl]:
    magnumctl = Magnumctl(tmp_path_factory.mktemp("workloads"), sandbox_cloud.environ)
    for name, text in (("blueprint.yaml", WORKSPACE), ("second.yml", SECOND)):
        magnumctl.write(dedent(text).replace("CIDR", sandbox_cloud.allowed_cidr), name)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda file: magnumctl.must("apply", file, "--yes"), ("blueprint.yaml", "second.yml")))
    yield magnumctl
    magnumctl.must("destroy", "--bay", "edge", "--bay", "rim", "--bay", "web", "--yes")


def fed(magnumctl: Magnumctl, given: bytes, *words: str) -> tuple[int, bytes]:
    """Exit code and standard output of a command with this on its standard input."""
    ended = subprocess.run(
        [COMMAND, *words],
        cwd=magnumctl.folder,
        env=magnumctl.environment,
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout


def deed(finished: Finished) -> tuple[str, bool]:
    return finished.report["deed"]["status"], finished.report["deed"]["changed"]


def test_a_pod_is_shown(applied: Magnumctl) -> None:
    """With its object, its pods, and where they run."""
    pod = applied.report("pod", "show", "nginx")["pod"]
    assert (pod["status"], pod["objects"], len(pod["pods"])) == ("ready", ["Deployment/default/nginx"], 2)


def test_a_service_is_shown(applied: Magnumctl) -> None:
    """With the pods behind it and the address that a client would use."""
    service = applied.report("service", "show", "nginx")["service"]
    (bay,) = (bay for bay in applied.report("bay", "list")["bays"] if bay["name"] == "web")
    assert (service["type"], service["address"]) == ("NodePort", f"{bay['api_address']}:30080")
    assert [endpoint["ready"] for endpoint in service["endpoints"]] == [True, True]
    assert service["addresses"][-1] == "nginx.default.svc:80"


def test_logs_of_a_set_are_told_apart(applied: Magnumctl) -> None:
    """Each line stands behind its pod's name; of one pod it stands alone."""
    names = [pod["name"] for pod in applied.report("pod", "show", "nginx")["pod"]["pods"]]
    lines = applied.must("pod", "logs", "nginx", "--tail", "1").stdout.splitlines()
    assert sorted(line.partition("] ")[0] for line in lines) == sorted(f"[{name}" for name in names)
    assert not applied.must("pod", "logs", names[0], "--tail", "1").stdout.startswith("[")


def test_exec_in_a_pod(applied: Magnumctl) -> None:
    """The exit code is passed on, and the words behind `--` are the command's own."""
    finished = applied("pod", "exec", "one", "--", "sh", "-c", "echo --debug; echo aside >&2; exit 9")
    assert (finished.exit_code, finished.stdout, finished.stderr) == (9, "--debug\n", "aside\n")
    assert applied("container", "exec", "job", "--", "echo", "--debug", "-o", "json").stdout == "--debug -o json\n"


def test_exec_hears_a_pipe(applied: Magnumctl) -> None:
    """Piped input reaches the command to its last byte."""
    given = b"".join(b"%06d\n" % number for number in range(5_000))
    assert fed(applied, given, "pod", "exec", "-i", "one", "--", "cat") == (0, given)
    assert fed(applied, given, "container", "exec", "-i", "job", "--", "cat") == (0, given)


@pytest.mark.parametrize("words", [("pod", "exec", "-it", "nginx"), ("container", "exec", "-it", "job")])
def test_exec_on_a_terminal(applied: Magnumctl, words: tuple[str, ...]) -> None:
    """A shell on the caller's terminal: its size, a new size, Ctrl-C for the command, the exit code."""
    with pexpect.spawn(
        COMMAND, [*words, "--", "sh"], cwd=applied.folder, env=applied.environment, dimensions=(30, 100), timeout=15
    ) as shell:
        shell.expect_exact("# ")
        shell.sendline("stty size")
        shell.expect_exact("30 100\r\n")
        shell.setwinsize(43, 132)
        time.sleep(0.3)
        shell.sendline("stty size")
        shell.expect_exact("43 132\r\n")
        shell.sendcontrol("c")
        shell.expect_exact("^C")
        shell.sendline("exit 5")
        shell.expect(pexpect.EOF)
    assert shell.exitstatus == 5


def test_a_terminal_that_is_not_there(applied: Magnumctl) -> None:
    """`-t` without a terminal is wrong usage."""
    finished = applied("pod", "exec", "-t", "one", "--", "sh")
    assert (finished.exit_code, "leave out -t" in finished.stderr) == (64, True)


def test_what_is_stopped_by_hand_stays_so(applied: Magnumctl) -> None:
    """The plan says so, an apply leaves it, and `start` forgets it; each verb has nothing to do the second time."""
    assert deed(applied.must("container", "stop", "job", "-o", "json")) == ("exited", True)
    assert "job  (stopped by hand)" in applied.must("plan", "blueprint.yaml", "--bay", "edge").stdout
    applied.must("apply", "blueprint.yaml", "--bay", "edge", "--yes")
    assert applied.report("container", "show", "job")["container"]["message"] == "stopped by hand"
    assert deed(applied.must("container", "start", "job", "-o", "json")) == ("running", True)
    assert applied.must("container", "start", "job").stdout == "container job: is already running on workers-0\n"


def test_pause_and_reboot(applied: Magnumctl) -> None:
    """A paused container is held too, until it is unpaused."""
    applied.must("container", "pause", "job")
    assert applied.report("container", "show", "job")["container"]["message"] == "paused by hand"
    applied.must("container", "unpause", "job")
    assert deed(applied.must("container", "reboot", "job", "-o", "json")) == ("running", True)


def test_logs_of_a_container(applied: Magnumctl) -> None:
    """Raw, and followed until the reader has enough."""
    assert "working\n" in applied.must("container", "logs", "job").stdout
    words = f"{COMMAND} container logs job --follow | head -n 1"
    ended = subprocess.run(
        words, shell=True, cwd=applied.folder, env=applied.environment, capture_output=True, timeout=30, check=False
    )
    assert (ended.stdout, ended.stderr) == (b"working\n", b"")


def test_a_name_of_two_bays(applied: Magnumctl) -> None:
    """It is wrong usage to leave it open, and the candidates are named."""
    finished = applied("container", "show", "cache")
    assert finished.exit_code == 64
    assert "container cache of bay edge" in finished.stderr
    assert "container cache of bay rim" in finished.stderr
    assert applied.report("container", "show", "cache", "--bay", "rim")["container"]["bay"] == "rim"


def test_a_name_that_is_not_there(applied: Magnumctl) -> None:
    """The nearest one is offered."""
    finished = applied("pod", "show", "ngimx")
    assert (finished.exit_code, "did you mean nginx?" in finished.stderr) == (1, True)


def test_deletion_warns_and_an_apply_brings_it_back(applied: Magnumctl) -> None:
    """Not without a yes; what the blueprint still has is said to come back, and does."""
    assert applied("pod", "delete", "one").exit_code == 64
    finished = applied.must("pod", "delete", "one", "--yes")
    assert "the next apply brings it back" in finished.stderr
    assert deed(applied.must("service", "delete", "nginx", "--yes", "-o", "json")) == ("deleted", True)
    deleted = [deed(applied.must("container", "delete", "job", "--yes", "-o", "json")) for _ in range(2)]
    assert deleted == [("deleted", True), ("deleted", False)]
    applied.must("apply", "blueprint.yaml", "--yes")
    status = applied.report("status", "--bay", "edge", "--bay", "web")
    found = {(row["kind"], row["name"]): row["status"] for bay in status["bays"] for row in bay["workloads"]}
    wanted = {("pod", "one"), ("pod", "nginx"), ("service", "nginx"), ("container", "job"), ("container", "cache")}
    assert found == dict.fromkeys(wanted, "ready")
