"""Real Docker engines behind mutual TLS, each the one node of a bay. Needs root and the Debian package docker.io."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from magnumctl.coe.contract import ClientTls, NodeAddress
from magnumctl.pki import DockerSecrets, client_certificate, new_secrets
from tests.components.certificates import write_serving
from tests.components.server import running

PORT = 2376
IMAGES = ("busybox:1.37", "nginx:1.29", "redis:8")
"""All stand-ins made of Debian's static busybox: there is no registry here."""
SEARCH = "/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Engines:
    """What a bay's client is given."""

    nodes: tuple[NodeAddress, ...]
    tls: ClientTls


@contextmanager
def real_engines(addresses: Sequence[str]) -> Iterator[Engines]:
    """One engine on each of these addresses of this machine."""
    names = [f"workers-{number}" for number in range(len(addresses))]
    secrets = new_secrets("docker", names)
    assert secrets.docker is not None
    made = client_certificate(secrets, "tester", timedelta(hours=1))
    nodes = tuple(NodeAddress(*pair) for pair in zip(names, addresses, strict=True))
    with ExitStack() as stack:
        for node in nodes:
            stack.enter_context(dockerd(node, secrets.docker))
        yield Engines(nodes, ClientTls(made.ca, made.certificate, made.key))


@contextmanager
def dockerd(node: NodeAddress, secrets: DockerSecrets) -> Iterator[None]:
    # sockets below have names of at most 107 bytes: no deep folder
    folder = Path(tempfile.mkdtemp(prefix="mctl-", dir="/tmp"))
    try:
        with (
            bridged() as bridge,
            running(words(folder, bridge, node, secrets), folder / "log", lambda: is_up(folder), 90),
        ):
            import_images(folder)
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def bridged() -> Iterator[str]:
    """A bridge of its own, by name: nothing of another engine on this machine is touched."""
    ip, number = found("ip"), random.randrange(64 * 256)
    name, subnet = f"mctl{number}", f"10.{192 + number // 256}.{number % 256}.1/24"
    for arguments in (f"link add {name} type bridge", f"address add {subnet} dev {name}", f"link set {name} up"):
        subprocess.run([ip, *arguments.split()], check=True, capture_output=True)
    yield name
    subprocess.run([ip, "link", "delete", name], check=True, capture_output=True)


def is_up(folder: Path) -> bool:
    return docker(folder, "version").returncode == 0


def docker(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    host = f"unix://{folder}/docker.sock"
    return subprocess.run([found("docker"), "--host", host, *arguments], input=stdin, capture_output=True, check=False)


def words(folder: Path, bridge: str, node: NodeAddress, secrets: DockerSecrets) -> list[str]:
    certificate, key = write_serving(folder, secrets.nodes[node.name], [node.address, "localhost"])
    client_ca = folder / "client-ca.crt"
    client_ca.write_text(secrets.client_ca.certificate)
    empty = folder / "daemon.json"
    empty.write_text("{}")
    return [
        found("dockerd"), "--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec",
        "--pidfile", f"{folder}/pid", "--host", f"unix://{folder}/docker.sock", "--host", f"tcp://{node.address}:{PORT}",
        "--config-file", str(empty),
        "--tlsverify", "--tlscacert", str(client_ca), "--tlscert", str(certificate), "--tlskey", str(key),
        "--bridge", bridge, "--iptables=false", "--ip6tables=false",
    ]  # fmt: skip


def found(program: str) -> str:
    path = shutil.which(program, path=SEARCH)
    assert path, f"{program} is missing: apt-get install docker.io iptables iproute2 busybox-static"
    return path


def import_images(folder: Path) -> None:
    archive, change = busybox_tar(), 'CMD ["sh", "-c", "trap exit TERM; while true; do sleep 1; done"]'
    for image in IMAGES:
        done = docker(folder, "import", "--change", change, "-", image, stdin=archive)
        assert done.returncode == 0, done.stderr.decode()


def busybox_tar() -> bytes:
    busybox = found("busybox")
    applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        archive.add(busybox, "bin/busybox")
        for name in applets:
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            if name != "busybox":
                archive.addfile(link)
    return output.getvalue()
