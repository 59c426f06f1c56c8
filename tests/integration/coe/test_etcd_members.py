"""Members leave a real etcd that serves as kubeadm's does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from magnumctl.coe.contract import ClientTls
from magnumctl.coe.kubernetes.etcd_members import Etcd, EtcdRefusedError, remove_members
from magnumctl.pki import KubernetesSecrets, etcd_certificate, new_secrets
from tests.components.build import built
from tests.components.certificates import write_serving
from tests.components.server import answers, free_port, running

ADDRESS = "127.0.0.1"
NAMES = tuple(f"web-control-plane-{number}" for number in range(3))


@dataclass(frozen=True)
class Ring:
    """The ports where clients reach the members, and the authority that they trust."""

    ports: dict[str, int]
    secrets: KubernetesSecrets

    def at(self, name: str, secrets: KubernetesSecrets | None = None) -> Etcd:
        made = etcd_certificate(secrets or self.secrets, timedelta(hours=1))
        port = self.ports[name]
        tls = ClientTls(self.secrets.etcd_ca.certificate, made.certificate, made.key)
        return Etcd("web", lambda: socket.create_connection((ADDRESS, port)), tls)


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[Ring]:
    secrets = new_secrets("kubernetes", []).kubernetes
    assert secrets is not None
    ports = {name: (free_port(), free_port()) for name in NAMES}
    whole = ",".join(f"{name}=http://{ADDRESS}:{peer}" for name, (_, peer) in ports.items())
    clients = [client for client, _ in ports.values()]
    with ExitStack() as members:
        for name in NAMES:
            is_last = name == NAMES[-1]
            words = words_of(tmp_path / name, name, ports[name], whole, secrets)
            up = (lambda: all(answers(ADDRESS, port) for port in clients)) if is_last else (lambda: True)
            members.enter_context(running(words, tmp_path / f"{name}.log", up, 60))
        yield Ring({name: client for name, (client, _) in ports.items()}, secrets)


def words_of(folder: Path, name: str, ports: tuple[int, int], whole: str, secrets: KubernetesSecrets) -> list[str]:
    """TLS and client certificates towards clients, as kubeadm has it; the peers trust each other here."""
    folder.mkdir()
    certificate, key = write_serving(folder, secrets.etcd_ca, ["localhost", ADDRESS])
    (folder / "ca.crt").write_text(secrets.etcd_ca.certificate)
    client, peer = (f"{scheme}://{ADDRESS}:{port}" for scheme, port in zip(("https", "http"), ports, strict=True))
    return [
        str(built("etcd")), "--name", name, "--data-dir", f"{folder}/data", "--unsafe-no-fsync",
        "--listen-client-urls", client, "--advertise-client-urls", client,
        "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", whole,
        "--cert-file", str(certificate), "--key-file", str(key),
        "--client-cert-auth", "--trusted-ca-file", f"{folder}/ca.crt",
    ]  # fmt: skip


def test_members_that_go_are_forgotten_one_after_another(ring: Ring) -> None:
    """Also the one that leads, and also two of three; a name that is no member's is nobody."""
    told: list[str] = []
    remove_members(ring.at(NAMES[1]), {NAMES[0], NAMES[2], "web-workers-0"}, told.append)
    assert sorted(told) == [f"etcd has forgotten {NAMES[0]}", f"etcd has forgotten {NAMES[2]}"]
    assert [each.name for each in ring.at(NAMES[1]).members()] == [NAMES[1]]


def test_etcd_trusts_its_own_authority_alone(ring: Ring) -> None:
    """A certificate of another bay's does not let in."""
    other = new_secrets("kubernetes", []).kubernetes
    with pytest.raises(EtcdRefusedError) as refused:
        ring.at(NAMES[0], other).members()
    assert refused.value.summary == "bay web: etcd refused to list members"
