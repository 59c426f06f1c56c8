"""The peer: kubeadm, as somebody runs it by hand on servers of the same image, with flannel's own manifest."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from .nodes import NODES, on_node

NET = "by-hand"
FIRST = "10.31.0.10"
TOKEN = "abcdef.0123456789abcdef"
MANIFEST = NODES / "manifests" / "kube-flannel.yml"
ADMIN = ("--kubeconfig", "/etc/kubernetes/admin.conf")


def kubeadm_seconds(workers: int) -> float:
    """From servers that start together until one control plane and these workers are Ready; nobody stops to think."""
    names = [f"hand-{number}" for number in range(workers + 1)]
    with servers(names) as begun, ThreadPoolExecutor() as threads:
        must(names[0], "kubeadm", "init", "--pod-network-cidr=10.244.0.0/16", f"--token={TOKEN}")
        joined = [threads.submit(join, name) for name in names[1:]]
        must(names[0], "kubectl", *ADMIN, "apply", "-f", "-", given=MANIFEST.read_text())
        for each in joined:
            each.result()
        while ready(names[0]) < len(names):
            time.sleep(0.2)
        return time.monotonic() - begun


@contextmanager
def servers(names: list[str]) -> Iterator[float]:
    """Gives the moment at which all of them had been started."""
    with tempfile.NamedTemporaryFile("w") as user_data:
        user_data.write("#cloud-config\n{}\n")
        user_data.flush()
        common = ("--kind", "kube", "--net", NET, "--user-data", user_data.name)
        addressed = [(name, f"10.31.0.{10 + number}/24") for number, name in enumerate(names)]
        try:
            with ThreadPoolExecutor() as threads:
                started = [threads.submit(boot, "up", name, "--ip", address, *common) for name, address in addressed]
            begun = time.monotonic()
            for each in started:
                each.result()
            for name in names:
                must(name, "cloud-init", "status", "--wait")
            yield begun
        finally:
            boot("rm", *names)
            boot("netrm", NET)


def join(name: str) -> None:
    must(name, "kubeadm", "join", f"{FIRST}:6443", f"--token={TOKEN}", "--discovery-token-unsafe-skip-ca-verification")


def ready(name: str) -> int:
    items = json.loads(must(name, "kubectl", *ADMIN, "get", "nodes", "-o", "json"))["items"]
    conditions = [each for node in items for each in node["status"]["conditions"]]
    return sum((each["type"], each["status"]) == ("Ready", "True") for each in conditions)


def must(name: str, *words: str, given: str = "") -> str:
    done = on_node(name, *words, given=given)
    assert done.returncode == 0, f"{name}: {words}: {done.stdout}{done.stderr}"
    return done.stdout


def boot(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(NODES) / "boot.py"), *words], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
