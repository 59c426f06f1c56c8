"""The rig's real nodes: started, stopped, and looked at from outside."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import RIG

NODES = RIG.parent / "nodes"
OUTSIDE = "198.18.0.1"
"""This machine's address on the rig's external network."""
STRANGER = "198.18.250.7"
"""Another machine's there, which no blueprint of these tests lets in."""


@contextmanager
def real_nodes() -> Iterator[Path]:
    """clouds.yaml. What has to be built is built once and kept by content (Kubernetes: minutes).

    Afterwards servers are again records without a machine behind them, as other tests want them; MAGNUMCTL_KEEP_NODES
    leaves the nodes for the next run.
    """
    script("up")
    yield RIG / "clouds.yaml"
    if not os.environ.get("MAGNUMCTL_KEEP_NODES"):
        script("down")


def script(word: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
    done = subprocess.run(
        ["bash", str(NODES / "openstack.sh"), word], env={**environ, "PYTHON": sys.executable},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=3600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@contextmanager
def stranger() -> Iterator[Sequence[str]]:
    """Words to put before a command that shall run at the address STRANGER."""
    space, bridge = "nr-stranger", "nr-ext"
    ip("netns", "add", space)
    try:
        ip("link", "add", "nrx-stranger", "type", "veth", "peer", "name", "ext0", "netns", space)
        ip("link", "set", "nrx-stranger", "master", bridge, "up")
        ip("-n", space, "address", "add", f"{STRANGER}/16", "dev", "ext0")
        ip("-n", space, "link", "set", "ext0", "up")
        yield ("ip", "netns", "exec", space)
    finally:
        ip("netns", "delete", space)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


METADATA = "169.254.169.254"
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"
HANDSHAKE = f"""{CONNECT.replace("socket.create", "s = socket.create")}
import ssl
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
context.wrap_socket(s)
"""


def answers(address: str, port: int, before: Sequence[str] = ()) -> bool:
    """Whether a TCP connection comes about within 3 s, made by a command that begins with the words `before`."""
    return tries(CONNECT, address, port, before)


def speaks_tls(address: str, port: int, before: Sequence[str] = ()) -> bool:
    """A load balancer may take a connection from anybody, and close it."""
    return tries(HANDSHAKE, address, port, before)


def tries(code: str, address: str, port: int, before: Sequence[str]) -> bool:
    words = [*before, sys.executable, "-c", code, address, str(port)]
    return subprocess.run(words, check=False, capture_output=True, timeout=30).returncode == 0


def inside(server_id: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a command on the node that is this server."""
    return on_node(f"i-{server_id}", *words)


def on_node(name: str, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    home = os.environ.get("NODERIG", "/var/tmp/noderig")
    docker = ["docker", "--host", f"unix://{home}/docker.sock", "exec", "--interactive", name]
    return subprocess.run([*docker, *words], input=given, check=False, capture_output=True, text=True, timeout=300)


@contextmanager
def metadata_service(network: str) -> Iterator[str]:
    """The URL at which the nodes of this network (its id) find a metadata service; the rig itself has none."""
    space = f"nr-{hashlib.sha1(network.encode(), usedforsecurity=False).hexdigest()[:8]}"
    ip("-n", space, "address", "add", f"{METADATA}/32", "dev", "br0")
    serve = ["-m", "http.server", "80", "--bind", METADATA, "--directory", str(NODES / "image")]
    with subprocess.Popen(["ip", "netns", "exec", space, sys.executable, *serve], stderr=subprocess.DEVNULL) as served:
        yield f"http://{METADATA}/"
        served.terminate()
    ip("-n", space, "address", "delete", f"{METADATA}/32", "dev", "br0")
