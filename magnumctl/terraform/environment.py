"""The child's environment: what it needs to reach the cloud, and nothing else of the user's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY")
PASSED = {
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_CONFIG_HOME"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH"),
    *PROXIES,
    *(name.lower() for name in PROXIES),
}
# What would change the meaning of a command we assembled.
REFUSED = ("TF_CLI_", "TF_VAR_", "TF_DATA_DIR", "TF_WORKSPACE", "TF_INPUT", "TF_IN_AUTOMATION")
SECRET_NAMES = ("PASSWORD", "SECRET", "TOKEN", "PASSCODE")


def child_environment(
    environ: Mapping[str, str], credentials: Mapping[str, str], cli_config: Path | None
) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if _passes(name)}
    settings = cli_config or user_settings(environ)
    named = {"TF_CLI_CONFIG_FILE": str(settings)} if settings else {}
    return {**kept, **named, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", **credentials}


def user_settings(environ: Mapping[str, str]) -> Path | None:
    """A variable that names a missing file is common on shared machines; Terraform only warns of it."""
    named = environ.get("TF_CLI_CONFIG_FILE")
    return Path(named) if named and Path(named).is_file() else None


def redact(text: str, credentials: Mapping[str, str]) -> str:
    for name, value in credentials.items():
        if value and any(word in name for word in SECRET_NAMES):
            text = text.replace(value, "***")
    return text


def _passes(name: str) -> bool:
    return name in PASSED or (name.startswith("TF_") and not name.startswith(REFUSED))
