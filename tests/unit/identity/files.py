"""clouds.yaml files of the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

PASSWORD: dict[str, Any] = {
    "auth": {
        "auth_url": "https://keystone.example:5000/v3",
        "username": "ada",
        "password": "marker-password",
        "project_name": "engines",
        "user_domain_name": "Default",
        "project_domain_id": "default",
    },
    "region_name": "north",
}


def clouds_file(folder: Path, **clouds: Any) -> dict[str, str]:
    """The environment in which these are the clouds."""
    path = folder / "clouds.yaml"
    path.write_text(yaml.safe_dump({"clouds": clouds}))
    return {"OS_CLIENT_CONFIG_FILE": str(path)}
