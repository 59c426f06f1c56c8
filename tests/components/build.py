"""Real servers that tests meet, built once from the Go module proxy with pinned sums.

`python -m tests.components.build [NAME...]` builds these, else all, ahead of the tests (minutes, once), and
says where they are.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from magnumctl.toolchain.go import find_go

HERE = Path(__file__).parent
VERSION = "k8s.io/component-base/version"


@dataclass(frozen=True)
class Component:
    """`module` is a folder beside this file that pins everything by its go.mod and go.sum."""

    name: str
    module: str
    package: str
    flags: str


def kubernetes(name: str) -> Component:
    version = f"-X {VERSION}.gitVersion=v1.34.4 -X {VERSION}.gitMajor=1 -X {VERSION}.gitMinor=34"
    return Component(name, "kubernetes", f"k8s.io/kubernetes/cmd/{name}", f"-s -w {version}")


FLANNEL = "-s -w -X github.com/flannel-io/flannel/pkg/version.Version=v0.28.10"
LISTED = (
    *map(kubernetes, ("kube-apiserver", "kubeadm", "kubelet", "kubectl")),
    *map(kubernetes, ("kube-controller-manager", "kube-scheduler", "kube-proxy")),
    Component("etcd", "etcd", "go.etcd.io/etcd/server/v3", "-s -w"),
    Component("coredns", "coredns", ".", "-s -w"),
    Component("flanneld", "flannel", ".", FLANNEL),
    Component("install-conf", "flannel", "github.com/flannel-io/flannel/cmd/install_conf", FLANNEL),
    Component("flannel", "cni", "github.com/containernetworking/plugins/plugins/meta/flannel", "-s -w"),
)
COMPONENTS = {each.name: each for each in LISTED}
"""Two of them serve the tests of coe; all of them make the nodes of tests/rig/nodes."""


def built(name: str) -> Path:
    """The binary, from the cache if the same sources were built before."""
    component = COMPONENTS[name]
    folder = cache() / f"{name}-{digest(component)}"
    binary = folder / name
    with FileLock(cache() / f"{name}.lock"):
        if not binary.exists():
            compile_to(component, binary)
    return binary


def cache() -> Path:
    given = os.environ.get("MAGNUMCTL_TEST_CACHE")
    folder = Path(given) if given else user_cache_path("magnumctl-tests")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def digest(component: Component) -> str:
    sources = sorted((HERE / component.module).glob("*.go"))
    pins = b"".join(path.read_bytes() for path in (*pinned(component), *sources))
    return hashlib.sha256(pins + component.package.encode() + component.flags.encode()).hexdigest()[:16]


def pinned(component: Component) -> tuple[Path, ...]:
    return tuple(HERE / component.module / name for name in ("go.mod", "go.sum"))


def compile_to(component: Component, binary: Path) -> None:
    print(f"building {component.name} (minutes, once) into {binary.parent}", file=sys.stderr, flush=True)
    go = find_go(os.environ)
    with tempfile.TemporaryDirectory(dir=cache()) as scratch:
        sources, made = Path(scratch) / "sources", Path(scratch) / component.name
        shutil.copytree(HERE / component.module, sources)
        words = ["build", "-trimpath", f"-ldflags={component.flags}", "-o", str(made), component.package]
        environ = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOWORK": "off"}
        subprocess.run([go.path, *words], cwd=sources, env=environ, check=True)
        binary.parent.mkdir(exist_ok=True)
        made.replace(binary)


if __name__ == "__main__":
    for each in sys.argv[1:] or COMPONENTS:
        print(built(each))
