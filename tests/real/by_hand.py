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
    """From the first server's start until one control plane and these workers are Ready; nobody stops to think."""
    names = [f"hand-{number}" for number in range(workers + 1)]
    begun = time.monotonic()
    with servers(names), ThreadPoolExecutor() as threads:
        must(names[0], "kubeadm", "init", "--pod-network-cidr=10.244.0.0/16", f"--token={TOKEN}")
        joined = [threads.submit(join, name) for name in names[1:]]
        must(names[0], "kubectl", *ADMIN, "apply", "-f", "-", given=MANIFEST.read_text())
        for each in joined:
            each.result()
        while ready(names[0]) < len(names):
            time.sleep(0.2)
        return time.monotonic() - begun


@contextmanager
def servers(names: list[str]) -> Iterator[None]:
    with tempfile.NamedTemporaryFile("w") as user_data:
        user_data.write("#cloud-config\n{}\n")
        user_data.flush()
        try:
            for number, name in enumerate(names):
                address = f"10.31.0.{10 + number}/24"
                boot("up", name, "--kind", "kube", "--net", NET, "--ip", address, "--user-data", user_data.name)
            for name in names:
                must(name, "cloud-init", "status", "--wait")
            yield
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
