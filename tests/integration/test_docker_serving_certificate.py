"""The script that gives a Docker node its serving certificate, run as a node runs it: sh and openssl."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509

from magnumctl.blueprint.model import Bay
from magnumctl.pki import BaySecrets, client_certificate, new_secrets
from tests.unit.compiler.bays import compiled, docker_bay, group

ADDRESSES = "203.0.113.10\n10.20.0.5\nedge-workers-0\n127.0.0.1\nlocalhost\n"


@dataclass(frozen=True)
class NodeOnDisk:
    """A Docker node's files under a folder, its script with them."""

    folder: Path
    secrets: BaySecrets

    @property
    def serving(self) -> Path:
        return self.folder / "etc/magnumctl/serving"

    @property
    def tls(self) -> Path:
        return self.folder / "etc/docker/tls"

    def issue(self) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": os.environ["PATH"], "MAGNUMCTL_SERVING": str(self.serving), "MAGNUMCTL_TLS": str(self.tls)}
        script = ["sh", str(self.serving / "issue")]
        return subprocess.run(script, env=environ, capture_output=True, text=True, check=False, timeout=60)

    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.tls / "server.crt").read_bytes())


def bay() -> Bay:
    return docker_bay(group("workers", 1, image="debian-12-docker"))


@pytest.fixture
def node(tmp_path: Path) -> NodeOnDisk:
    secrets = new_secrets("docker", ["workers-0"])
    document = yaml.safe_load(compiled(bay(), secrets=secrets).user_data["workers-0"])
    for file in document["write_files"]:
        path = tmp_path / file["path"].lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["content"])
        path.chmod(int(file["permissions"], 8))
    on_disk = NodeOnDisk(tmp_path, secrets)
    (on_disk.serving / "addresses").write_text(ADDRESSES)
    return on_disk


def issued(node: NodeOnDisk) -> x509.Certificate:
    done = node.issue()
    assert done.returncode == 0, done.stderr
    return node.certificate()


def test_the_certificate_names_every_address_of_the_node(node: NodeOnDisk) -> None:
    """IP addresses as such, names as names."""
    names = issued(node).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert sorted(str(ip) for ip in names.get_values_for_type(x509.IPAddress)) == [
        "10.20.0.5",
        "127.0.0.1",
        "203.0.113.10",
    ]
    assert sorted(names.get_values_for_type(x509.DNSName)) == ["edge-workers-0", "localhost"]


def test_an_ipv6_address_is_an_address(node: NodeOnDisk) -> None:
    """A colon makes it one."""
    (node.serving / "addresses").write_text("2001:db8::5\nlocalhost\n")
    names = issued(node).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["2001:db8::5"]


def test_the_certificate_began_an_hour_ago_and_lives_ten_years(node: NodeOnDisk) -> None:
    """A caller whose clock is behind the node's is not turned away."""
    certificate = issued(node)
    ago = datetime.now(UTC) - certificate.not_valid_before_utc
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert timedelta(hours=1) <= ago < timedelta(hours=1, minutes=5)
    assert life == timedelta(days=3650, hours=1)


def test_the_key_is_readable_by_root_alone(node: NodeOnDisk) -> None:
    """0600 for the key, 0644 for the certificate; nothing of the work is left behind."""
    issued(node)
    modes = [f"{(node.tls / name).stat().st_mode & 0o777:o}" for name in ("server.key", "server.crt")]
    assert (modes, sorted(path.name for path in node.serving.iterdir())) == (
        ["600", "644"],
        ["addresses", "ca.crt", "ca.key", "issue", "issued-for"],
    )


def test_a_good_certificate_is_kept(node: NodeOnDisk) -> None:
    """A restart of dockerd changes nothing."""
    assert issued(node) == issued(node)


def test_a_new_address_gets_a_new_certificate(node: NodeOnDisk) -> None:
    """The node moved, and serves by its new address from the next start on."""
    first = issued(node)
    (node.serving / "addresses").write_text(ADDRESSES + "198.51.100.4\n")
    names = issued(node).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert len(names.get_values_for_type(x509.IPAddress)) == 4
    assert node.certificate().serial_number != first.serial_number


@pytest.mark.parametrize("lost", ["server.key", "server.crt"])
def test_a_lost_file_is_made_anew(node: NodeOnDisk, lost: str) -> None:
    """Key and certificate are always a pair."""
    first = issued(node)
    (node.tls / lost).unlink()
    assert issued(node).serial_number != first.serial_number
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
        node.tls / "server.crt", node.tls / "server.key"
    )


def test_a_certificate_about_to_expire_is_made_anew(node: NodeOnDisk) -> None:
    """One that ends within thirty days does not survive the next start."""
    script = node.serving / "issue"
    whole = script.read_text()
    script.write_text(whole.replace("now + 315360000", "now + 29 * 86400"))
    short = issued(node)
    script.write_text(whole)
    assert issued(node).serial_number != short.serial_number


def test_without_its_authority_the_script_fails_and_leaves_nothing(node: NodeOnDisk) -> None:
    """dockerd does not start with half a certificate; systemd shows why."""
    (node.serving / "ca.key").unlink()
    done = node.issue()
    assert done.returncode != 0
    assert done.stderr != ""
    assert sorted(path.name for path in node.tls.iterdir()) == ["client-ca.crt"]


@pytest.fixture
def listening(node: NodeOnDisk) -> Iterator[int]:
    """A TLS server with the node's certificate that asks for one of the bay's clients, as dockerd does."""
    issued(node)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(node.tls / "client-ca.crt"))
    context.load_cert_chain(node.tls / "server.crt", node.tls / "server.key")
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer_once, args=(server, context))
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


def answer_once(server: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = server.accept()
    try:
        with context.wrap_socket(connection, server_side=True) as tls:
            tls.sendall(b"OK")
    except ssl.SSLError:
        connection.close()


def client(node: NodeOnDisk, signer: BaySecrets) -> ssl.SSLContext:
    """Trusts the node's bay, and shows a certificate of `signer`."""
    trusted = client_certificate(node.secrets, "ana", timedelta(hours=1)).ca
    shown = client_certificate(signer, "ana", timedelta(hours=1))
    pair = node.folder / "client.pem"
    pair.write_text(shown.certificate + shown.key)
    context = ssl.create_default_context(cadata=trusted)
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    context.load_cert_chain(pair)
    return context


def greeting(context: ssl.SSLContext, port: int) -> bytes:
    with (
        socket.create_connection(("127.0.0.1", port), 10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as tls,
    ):
        return tls.recv(2)


def test_client_and_node_accept_each_other_under_openssls_strict_rules(node: NodeOnDisk, listening: int) -> None:
    """Mutual TLS by IP address, the chain built from the bundle that a client is given."""
    assert greeting(client(node, node.secrets), listening) == b"OK"


def test_a_client_of_another_bay_is_refused(node: NodeOnDisk, listening: int) -> None:
    """Its certificate is of the same name, and of another authority."""
    with pytest.raises(ssl.SSLError):
        greeting(client(node, new_secrets("docker", ["workers-0"])), listening)
