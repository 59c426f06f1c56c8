"""Which CLI configuration file Terraform is given, so that its `init` finds the OpenStack provider."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import platformdirs

from magnumctl.toolchain.engines import Engine
from magnumctl.toolchain.go import find_go
from magnumctl.toolchain.mirror import Mirror

PROVIDER = "terraform-provider-openstack/openstack"
REGISTRY_SECONDS = 5.0
REMEMBERED_SECONDS = 7 * 24 * 3600
Report = Callable[[str], None]


def provider_settings(engine: Engine, environ: Mapping[str, str], report: Report) -> Path | None:
    """The file for TF_CLI_CONFIG_FILE, or None to leave the user's own settings and the registry to Terraform.

    Where neither has the provider it is built, once, from pinned sources; that takes a minute and reports its
    progress line by line. Raises ToolchainError when it cannot be had in any way.
    """
    folder = data_folder()
    mirror = Mirror(folder)
    if next(user_sources(engine, environ), None):
        return None
    if mirror.settings.is_file():
        return mirror.settings
    if _registry_answers(engine.registry, folder / f"{engine.registry}-answers"):
        return None
    report(f"{engine.registry} does not answer: building the OpenStack provider {mirror.version} instead")
    return mirror.build(environ, report)


def provider_state(engine: Engine, environ: Mapping[str, str]) -> str:
    """Where the provider comes from, as a phrase; builds nothing, raises ToolchainError when it cannot be had."""
    folder = data_folder()
    mirror = Mirror(folder)
    if source := next(user_sources(engine, environ), None):
        return f"as {source} says"
    if mirror.settings.is_file():
        return f"{mirror.version}, built into {mirror.folder}"
    if _registry_answers(engine.registry, folder / f"{engine.registry}-answers"):
        return f"from {engine.registry}"
    return f"{mirror.version}, not built yet; magnumctl init builds it with {find_go(environ).path}"


def data_folder() -> Path:
    return platformdirs.user_data_path("magnumctl") / "toolchain"


def user_sources(engine: Engine, environ: Mapping[str, str]) -> Iterator[Path]:
    """The user's own Terraform settings, and the folder that Terraform takes for a mirror without being told."""
    home = Path(environ.get("HOME", "~")).expanduser()
    named = environ.get("TF_CLI_CONFIG_FILE")
    places = [Path(named)] if named else []
    if engine.name == "tofu":
        places += [home / ".tofurc", home / ".config/opentofu/tofurc"]
    places += [home / ".terraformrc", home / ".terraform.d/plugins" / engine.registry / PROVIDER]
    yield from (place for place in places if place.exists())


def _registry_answers(host: str, remembered: Path) -> bool:
    """A yes is remembered for a week: the question costs a request at every plan."""
    if remembered.is_file() and time.time() - remembered.stat().st_mtime < REMEMBERED_SECONDS:
        return True
    if not answers(f"https://{host}/.well-known/terraform.json"):
        return False
    remembered.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    remembered.touch()
    return True


def answers(url: str, seconds: float = REGISTRY_SECONDS) -> bool:
    """Through the proxies of the environment, like Terraform itself."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:  # noqa: S310 - always https, from above
            return bool(answer.status == 200)  # noqa: PLR2004
    except (OSError, ValueError):  # URLError, timeouts, TLS and broken HTTP are all OSErrors
        return False
