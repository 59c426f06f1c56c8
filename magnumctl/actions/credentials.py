"""What other tools need to reach a bay: a kubeconfig, or the Docker client's environment. Signed on the spot."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from magnumctl import private
from magnumctl.errors import UsageError
from magnumctl.ledger import BayRecord, NodeRecord
from magnumctl.pki import ClientCertificate, client_certificate

from .clients import Clients
from .plan import secrets_of
from .wishes import API_PORT


@dataclass(frozen=True)
class DockerEnvironment:
    """`folder` holds ca.pem, cert.pem and key.pem, as the Docker client wants them."""

    host: str
    folder: Path

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        return (
            ("DOCKER_HOST", self.host),
            ("DOCKER_TLS_VERIFY", "1"),
            ("DOCKER_CERT_PATH", str(self.folder)),
        )


def kubeconfig(clients: Clients, name: str, ttl: timedelta) -> str:
    """The text of a kubeconfig whose certificate lives for `ttl`."""
    record = _of_coe(clients, name, "kubernetes", "magnumctl bay docker-env")
    if not record.api_address:
        raise UsageError(f"bay {name} has no address yet", hint="magnumctl apply")
    made = _certificate(clients, record, ttl)
    return json.dumps(_kubeconfig(record, made), indent=2) + "\n"


def docker_environment(clients: Clients, name: str, node: str | None, ttl: timedelta) -> DockerEnvironment:
    """Writes the client's certificate under the workspace; of several nodes `node` chooses, else the first is taken."""
    record = _of_coe(clients, name, "docker", "magnumctl bay kubeconfig")
    chosen = _node(clients.ledger.nodes(record.uuid), record, node)
    made = _certificate(clients, record, ttl)
    folder = docker_folder(clients, record)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(folder / "ca.pem", made.ca)
    write_private(folder / "cert.pem", made.certificate)
    write_private(folder / "key.pem", made.key)
    return DockerEnvironment(f"tcp://{chosen.address}:2376", folder.resolve())


def docker_folder(clients: Clients, record: BayRecord) -> Path:
    return clients.settings.private / "docker" / record.name


def write_private(path: Path, text: str) -> None:
    """Only the owner can read it, whatever the umask; a symlink in its place is replaced, not followed."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    private.create(fresh, text)
    fresh.replace(path)


def _certificate(clients: Clients, record: BayRecord, ttl: timedelta) -> ClientCertificate:
    secrets = secrets_of(clients, record)
    if secrets is None:
        raise UsageError(f"bay {record.name} has never been applied", hint="magnumctl apply")
    return client_certificate(secrets, clients.identity.caller.user_name, ttl)


def _of_coe(clients: Clients, name: str, coe: str, instead: str) -> BayRecord:
    record = clients.bay(name)
    if record.coe == coe:
        return record
    raise UsageError(f"bay {name} is a {record.coe} bay", hint=f"{instead} {name}")


def _node(nodes: tuple[NodeRecord, ...], record: BayRecord, name: str | None) -> NodeRecord:
    if not nodes:
        raise UsageError(f"bay {record.name} has no nodes yet", hint="magnumctl apply")
    found = [node for node in nodes if name in (None, node.name)]
    if found:
        return found[0]
    known = ", ".join(node.name for node in nodes)
    raise UsageError(f"bay {record.name} has no node {name}", detail=f"it has {known}")


def _kubeconfig(record: BayRecord, made: ClientCertificate) -> dict[str, object]:
    user = f"magnumctl-{record.name}"
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": record.name,
        "clusters": [
            {
                "name": record.name,
                "cluster": {
                    "server": f"https://{record.api_address}:{API_PORT}",
                    "certificate-authority-data": _base64(made.ca),
                    "tls-server-name": "kubernetes",  # its address may be another one since its certificate was made
                },
            }
        ],
        "contexts": [{"name": record.name, "context": {"cluster": record.name, "user": user}}],
        "users": [
            {
                "name": user,
                "user": {
                    "client-certificate-data": _base64(made.certificate),
                    "client-key-data": _base64(made.key),
                },
            }
        ],
    }


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
