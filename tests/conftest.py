"""The clouds that tests meet: the sandbox in a process of its own, and real OpenStack services on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

RIG = Path(__file__).parent / "rig" / "openstack"


@dataclass(frozen=True)
class CloudUnderTest:
    """`clouds_yaml` has the entries `name` and `other`: users of two projects that cannot see each other."""

    kind: str
    clouds_yaml: Path
    name: str
    other: str
    external_network: str = "public"
    allowed_cidr: str = "127.0.0.1/32"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "OS_CLIENT_CONFIG_FILE": str(self.clouds_yaml),
            "OS_CLOUD": self.name,
            "MAGNUMCTL_SANDBOX_CLOUDS": str(self.clouds_yaml),
        }


@pytest.fixture(scope="session")
def sandbox_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudUnderTest]:
    folder = tmp_path_factory.mktemp("sandbox")
    clouds = folder / "clouds.yaml"
    with (folder / "log").open("wb") as log:
        words = [sys.executable, "-m", "magnumctl.sandbox", "--port", "0", "--clouds-yaml", str(clouds)]
        served = subprocess.Popen(words, stdout=log, stderr=log)
    end = time.monotonic() + 30
    while not clouds.exists():
        assert served.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < end, "the sandbox did not start within 30 s"
        time.sleep(0.05)
    yield CloudUnderTest("sandbox", clouds, "sandbox", "sandbox-other")
    served.terminate()
    served.wait(10)


@pytest.fixture(scope="session")
def rig_clouds() -> Path:
    """clouds.yaml of the real OpenStack services; brings them up where they do not run (about a minute)."""
    given = os.environ.get("MAGNUMCTL_RIG_CLOUDS")
    if given:
        return Path(given)
    with FileLock(Path(tempfile.gettempdir()) / "magnumctl-rig.lock"):
        done = subprocess.run(
            ["bash", str(RIG / "up.sh")], capture_output=True, text=True, check=False, timeout=900, env=_rig_environ()
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return RIG / "clouds.yaml"


def _rig_environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OS_")}


@pytest.fixture(scope="session")
def rig_cloud(rig_clouds: Path) -> CloudUnderTest:
    return CloudUnderTest("rig", rig_clouds, "tenant-a", "tenant-b", allowed_cidr="198.18.0.0/16")
