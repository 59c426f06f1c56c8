"""The files that make a server a Docker host with mutual TLS."""

from __future__ import annotations

import json

from magnumctl.compiler.cloud_config import BOOT, File
from magnumctl.compiler.metadata import metadata_files
from magnumctl.compiler.placeholders import FIXED_ADDRESS, NODE_ADDRESS
from magnumctl.compiler.rules import PORTS
from magnumctl.compiler.templates import render
from magnumctl.pki import DockerSecrets

SERVING = "/etc/magnumctl/serving"
TLS = "/etc/docker/tls"


def docker_files(server: str, node: str, secrets: DockerSecrets) -> tuple[File, ...]:
    authority = secrets.nodes[node]
    addresses = (NODE_ADDRESS, FIXED_ADDRESS, server, "127.0.0.1", "localhost")
    return (
        File("/etc/docker/daemon.json", _daemon_json()),
        File(f"{TLS}/client-ca.crt", secrets.client_ca.certificate),
        File(f"{SERVING}/ca.crt", authority.certificate),
        File(f"{SERVING}/ca.key", authority.key, "0600"),
        File(f"{SERVING}/addresses", "".join(f"{address}\n" for address in addresses)),
        File(f"{SERVING}/issue", render("docker-issue.sh.j2"), "0700"),
        File("/etc/systemd/system/docker.service.d/10-magnumctl.conf", render("docker.service.d.j2")),
        *metadata_files(),
        File(BOOT, render("boot-docker.sh.j2"), "0700"),
    )


def _daemon_json() -> str:
    settings = {
        "hosts": ["fd://", f"tcp://0.0.0.0:{PORTS['docker']}"],
        "tlsverify": True,
        "tlscacert": f"{TLS}/client-ca.crt",
        "tlscert": f"{TLS}/server.crt",
        "tlskey": f"{TLS}/server.key",
    }
    return json.dumps(settings, indent=2) + "\n"
