"""The folder that Terraform takes for a mirror of its registry, with the provider we built in it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from magnumctl.errors import ToolchainError
from magnumctl.toolchain.build import MODULE, SOURCES, compile_provider
from magnumctl.toolchain.go import find_go

HOSTS = ("registry.terraform.io", "registry.opentofu.org")
SETTINGS = """\
# Written by magnumctl: the OpenStack provider comes from this folder, everything else from its registry.
provider_installation {{
  filesystem_mirror {{
    path    = "{folder}"
    include = [{addresses}]
  }}
  direct {{
    exclude = [{addresses}]
  }}
}}
"""
Report = Callable[[str], None]


class Mirror:
    def __init__(self, toolchain: Path) -> None:
        self.version = pinned_version()
        self.folder = toolchain / "providers" / self.version
        self.settings = self.folder / "terraform.rc"

    def build(self, environ: Mapping[str, str], report: Report) -> Path:
        """The settings file. Of several processes one builds and the others wait for it."""
        from filelock import FileLock  # noqa: PLC0415 - 25 ms that only a build needs

        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self.folder.parent / "build.lock"):
            if not self.settings.is_file():
                go = find_go(environ)
                with tempfile.TemporaryDirectory(dir=self.folder.parent, prefix=".build-") as scratch:
                    binary = compile_provider(go, Path(scratch), environ, report)
                    self._publish(binary, go.platform, Path(scratch) / "ready")
                report(f"the OpenStack provider {self.version} is ready")
        return self.settings

    def _publish(self, binary: Path, platform: str, ready: Path) -> None:
        """Everything is laid out in the scratch folder `ready` and appears by one rename."""
        for host in HOSTS:
            place = ready / host / "terraform-provider-openstack" / "openstack" / self.version / platform
            place.mkdir(parents=True)
            os.link(binary, place / f"terraform-provider-openstack_v{self.version}")
        addresses = ", ".join(f'"{host}/terraform-provider-openstack/openstack"' for host in HOSTS)
        folder = str(self.folder).replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${")
        (ready / self.settings.name).write_text(SETTINGS.format(folder=folder, addresses=addresses))
        shutil.rmtree(self.folder, ignore_errors=True)
        ready.rename(self.folder)


def pinned_version() -> str:
    found = re.search(rf"{MODULE} v(\S+)", (SOURCES / "go.mod").read_text())
    if found is None:
        raise ToolchainError("the provider's go.mod names no version", hint="reinstall magnumctl")
    return found[1]
