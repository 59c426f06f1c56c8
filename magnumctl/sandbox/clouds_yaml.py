"""The clouds.yaml by which clients find the sandbox."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import yaml

from magnumctl import private
from magnumctl.sandbox.keystone.records import REGION
from magnumctl.sandbox.seed import PASSWORD
from magnumctl.sandbox.wire import Json

ENTRIES = {"sandbox": "demo", "sandbox-other": "other", "sandbox-admin": "admin"}


def default_path() -> Path:
    """Where `--cloud sandbox` looks."""
    if chosen := os.environ.get("MAGNUMCTL_SANDBOX_CLOUDS"):
        return Path(chosen)
    return Path(platformdirs.user_data_dir("magnumctl")) / "sandbox" / "clouds.yaml"


def _entry(url: str, name: str) -> Json:
    return {
        "auth": {
            "auth_url": f"{url}/identity/v3",
            "username": name,
            "password": PASSWORD,
            "project_name": name,
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        },
        "region_name": REGION,
        "interface": "public",
        "identity_api_version": "3",
    }


def write(path: Path, url: str) -> None:
    """Readable by its owner only, and never half written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = yaml.safe_dump({"clouds": {cloud: _entry(url, name) for cloud, name in ENTRIES.items()}}, sort_keys=False)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    private.create(fresh, text)
    fresh.replace(path)


def remove(path: Path, url: str) -> None:
    """Only if it is still ours: a sandbox started later may have written its own."""
    try:
        ours = f"{url}/identity/v3" in path.read_text()
    except OSError:
        return
    if ours:
        path.unlink(missing_ok=True)
