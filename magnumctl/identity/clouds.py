"""Which cloud is meant, and its settings: clouds.yaml or OS_* variables, read by openstacksdk's config loader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import platformdirs
import yaml
from openstack.config import OpenStackConfig
from openstack.config.cloud_region import CloudRegion
from openstack.config.loader import CONFIG_FILES

from magnumctl.errors import IdentityError

from .wall import Place, translated

ENVIRONMENT = "envvars"
"""openstacksdk's name for the cloud that OS_* variables describe; OS_CLOUD_NAME gives it another."""

SELECTORS = frozenset({"OS_CLOUD", "OS_CLOUD_NAME", "OS_REGION_NAME", "OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE"})
"""Variables that choose a cloud and describe none."""

NOT_OURS = ("OS_TEST", "OS_STD", "OS_LOG")
"""Beginnings of variables that openstacksdk leaves aside: its CI's and oslo's."""

ANSWER_SECONDS = 25
"""How long one request may take, unless the cloud's api_timeout says otherwise; the SDK's default is for ever.

Before it gives up, a Keystone that hangs is asked twice: for its version and for a token.
"""


@dataclass(frozen=True)
class CloudsFile:
    """`path` is None when no file was found; `names` are its clouds."""

    path: Path | None
    clouds: Mapping[str, Mapping[str, Any]]


def find_cloud(cloud: str | None, environ: Mapping[str, str]) -> tuple[CloudRegion, Place]:
    name = cloud or environ.get("OS_CLOUD") or None
    own = read_clouds(places(environ))
    if name is None or name == environ.get("OS_CLOUD_NAME", ENVIRONMENT):
        variables = described(environ)
        if variables or name is not None:
            return from_environment(name or environ.get("OS_CLOUD_NAME", ENVIRONMENT), variables)
        name = the_only(own, environ)
    if name in own.clouds:
        return from_file(name, own, environ)
    return from_file(name, built_in(name, own, environ), environ)


def places(environ: Mapping[str, str]) -> tuple[Path, ...]:
    named = environ.get("OS_CLIENT_CONFIG_FILE")
    return (*([Path(named)] if named else []), *(Path(file) for file in CONFIG_FILES))


def read_clouds(files: tuple[Path, ...]) -> CloudsFile:
    """The first file that is there, as openstacksdk does; but one that cannot be read is an error, not passed over."""
    for path in files:
        if path.is_file():
            return CloudsFile(path, _clouds_of(path))
    return CloudsFile(None, {})


def _clouds_of(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        # The text of a YAML error may show a line of the file, and that line may be a password.
        where = exc.problem_mark if isinstance(exc, yaml.MarkedYAMLError) else None
        detail = f"line {where.line + 1}, column {where.column + 1}" if where else type(exc).__name__
        raise IdentityError(f"{path} cannot be read", detail=detail, hint=f"correct {path}") from exc
    clouds = content.get("clouds") if isinstance(content, dict) else None
    if not isinstance(clouds, dict) or not all(isinstance(entry, dict) for entry in clouds.values()):
        raise IdentityError(
            f"{path} describes no clouds", detail="it needs a mapping `clouds:` of mappings", hint=f"correct {path}"
        )
    return {str(name): entry for name, entry in clouds.items()}


def the_only(own: CloudsFile, environ: Mapping[str, str]) -> str:
    if len(own.clouds) == 1:
        return next(iter(own.clouds))
    raise IdentityError(
        "no cloud was chosen",
        detail=f"{own.path} has {_listed(own.clouds)}" if own.clouds else looked_in(environ),
        hint="--cloud NAME, or OS_CLOUD=NAME; without any cloud: magnumctl sandbox, then --cloud sandbox",
    )


def built_in(name: str, own: CloudsFile, environ: Mapping[str, str]) -> CloudsFile:
    """The embedded cloud's own clouds.yaml, which it writes when it starts."""
    if not name.startswith("sandbox"):
        raise unknown(name, own, environ)
    path = sandbox_file(environ)
    if not path.is_file():
        raise IdentityError("the sandbox is not running", detail=f"there is no {path}", hint="magnumctl sandbox")
    sandbox = CloudsFile(path, _clouds_of(path))
    if name not in sandbox.clouds:
        raise unknown(name, sandbox, environ)
    return sandbox


def sandbox_file(environ: Mapping[str, str]) -> Path:
    named = environ.get("MAGNUMCTL_SANDBOX_CLOUDS")
    return Path(named) if named else platformdirs.user_data_path("magnumctl") / "sandbox" / "clouds.yaml"


def unknown(name: str, own: CloudsFile, environ: Mapping[str, str]) -> IdentityError:
    near = get_close_matches(name, own.clouds, n=1)
    said = f"did you mean {near[0]}? " if near else ""
    has = f"{own.path} has {_listed(own.clouds)}" if own.clouds else looked_in(environ)
    return IdentityError(f"there is no cloud {name}", detail=f"{said}{has}", hint="--cloud NAME, or OS_CLOUD=NAME")


def looked_in(environ: Mapping[str, str]) -> str:
    # On Linux the user's folder stands twice in openstacksdk's list.
    looked = dict.fromkeys(str(path) for path in places(environ) if path.suffix == ".yaml")
    return f"there is no clouds.yaml; looked for {', '.join(looked)}"


def _listed(clouds: Mapping[str, object]) -> str:
    return ", ".join(sorted(clouds))


def described(environ: Mapping[str, str]) -> dict[str, str]:
    """The settings that OS_* variables give, named as in clouds.yaml."""
    own = [key for key in environ if key.startswith("OS_") and not key.startswith(NOT_OURS)]
    if not set(own) - SELECTORS:
        return {}
    return {
        key.removeprefix("OS_").lower(): environ[key] for key in own if key == "OS_REGION_NAME" or key not in SELECTORS
    }


def from_environment(name: str, variables: Mapping[str, str]) -> tuple[CloudRegion, Place]:
    place = Place(name, "the OS_* variables", variables.get("auth_url", ""))
    if not variables:
        raise IdentityError(f"cloud {name} means the OS_* variables, and none is set", hint="source an openrc file")
    with translated(place):
        config = OpenStackConfig(
            load_yaml_config=False,
            load_envvars=False,
            app_name="magnumctl",
            override_defaults={"api_timeout": ANSWER_SECONDS},
        )
        config.cloud_config["clouds"][name] = {**config.defaults, **variables}
        return config.get_one(name), place


def from_file(name: str, file: CloudsFile, environ: Mapping[str, str]) -> tuple[CloudRegion, Place]:
    entry = file.clouds[name]
    auth_url = str((entry.get("auth") or {}).get("auth_url", ""))
    place = Place(name, str(file.path), auth_url)
    # The cloud's own word comes first: an openrc sourced for another cloud must not move this one.
    region = None if "region_name" in entry else environ.get("OS_REGION_NAME")
    with translated(place):
        return _loader(file, environ).get_one(name, region_name=region), place


def _loader(file: CloudsFile, environ: Mapping[str, str]) -> OpenStackConfig:
    secure = environ.get("OS_CLIENT_SECURE_FILE")
    return OpenStackConfig(
        config_files=[str(file.path)],
        secure_files=[secure] if secure else None,
        load_envvars=False,
        app_name="magnumctl",
        override_defaults={"api_timeout": ANSWER_SECONDS},
    )
