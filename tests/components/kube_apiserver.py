"""A real kube-apiserver on a real etcd. No kubelet and no controllers: tests play those."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import urllib3

from magnumctl.coe.contract import ClientTls
from magnumctl.pki import KubernetesSecrets, client_certificate, new_secrets
from magnumctl.pki.certificates import signed_client, subject_of
from tests.components.build import built
from tests.components.certificates import write_serving
from tests.components.server import answers, free_port, running

ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class ApiServer:
    """`tls` is a bay user's, who is nobody until a role binding makes them somebody; `admin` may do all."""

    address: str
    port: int
    tls: ClientTls
    admin: ClientTls


@contextmanager
def real_api_server() -> Iterator[ApiServer]:
    secrets = new_secrets("kubernetes", [])
    assert secrets.kubernetes is not None
    user = client_certificate(secrets, "tester", timedelta(hours=1))
    folder = Path(tempfile.mkdtemp(prefix="mctl-"))
    try:
        with etcd(folder) as store:
            port = free_port()
            words = api_server_words(folder, secrets.kubernetes, store, port)
            admin = admin_tls(secrets.kubernetes)
            with running(words, folder / "apiserver.log", lambda: is_ready(folder, port, admin), 90):
                yield ApiServer(ADDRESS, port, ClientTls(user.ca, user.certificate, user.key), admin)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def etcd(folder: Path) -> Iterator[str]:
    client, peer = (free_port() for _ in range(2))
    url, peer_url = f"http://{ADDRESS}:{client}", f"http://{ADDRESS}:{peer}"
    words = [
        str(built("etcd")), "--data-dir", f"{folder}/etcd", "--unsafe-no-fsync", "--listen-client-urls", url,
        "--advertise-client-urls", url, "--listen-peer-urls", peer_url, "--initial-advertise-peer-urls", peer_url,
        "--initial-cluster", f"default={peer_url}",
    ]  # fmt: skip
    with running(words, folder / "etcd.log", lambda: answers(ADDRESS, client), 30):
        yield url


def api_server_words(folder: Path, secrets: KubernetesSecrets, store: str, port: int) -> list[str]:
    certificate, key = write_serving(folder, secrets.ca, [ADDRESS, "localhost", "kubernetes"])
    files = {
        "ca.crt": secrets.ca.certificate,
        "sa.pub": secrets.service_account.public,
        "sa.key": secrets.service_account.key,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return [
        str(built("kube-apiserver")), "--etcd-servers", store, "--secure-port", str(port), "--bind-address", ADDRESS,
        "--tls-cert-file", str(certificate), "--tls-private-key-file", str(key), "--client-ca-file", f"{folder}/ca.crt",
        "--authorization-mode", "Node,RBAC", "--service-cluster-ip-range", "10.96.0.0/16",
        "--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", f"{folder}/sa.pub",
        "--service-account-signing-key-file", f"{folder}/sa.key",
    ]  # fmt: skip


def admin_tls(secrets: KubernetesSecrets) -> ClientTls:
    certificate, key = signed_client(secrets.ca, subject_of("admin", "system:masters"), timedelta(hours=1))
    return ClientTls(secrets.ca.certificate, certificate, key)


def is_ready(folder: Path, port: int, admin: ClientTls) -> bool:
    (folder / "admin.crt").write_text(admin.certificate)
    (folder / "admin.key").write_text(admin.key)
    pool = urllib3.HTTPSConnectionPool(
        ADDRESS,
        port,
        ca_certs=f"{folder}/ca.crt",
        cert_file=f"{folder}/admin.crt",
        key_file=f"{folder}/admin.key",
        retries=False,
    )
    try:
        return pool.request("GET", "/readyz", timeout=2).status == 200
    except urllib3.exceptions.HTTPError:
        return False
