"""What keeps a node's containers from its metadata service, on nodes of either engine."""

from __future__ import annotations

from magnumctl.compiler.cloud_config import File
from magnumctl.compiler.templates import render


def metadata_files() -> tuple[File, ...]:
    return (
        File("/etc/magnumctl/metadata-guard", render("metadata-guard.sh.j2"), "0700"),
        File("/etc/systemd/system/magnumctl-metadata.service", render("metadata.service.j2")),
    )
