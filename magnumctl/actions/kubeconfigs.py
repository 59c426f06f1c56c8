"""A bay's kubeconfig merged into the user's own, as other clouds' command lines do; the rest of it stays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from magnumctl.errors import UsageError

from .credentials import write_private

Json = Mapping[str, Any]
LISTS = ("clusters", "contexts", "users")


def users_file(environ: Mapping[str, str]) -> Path:
    """The first of KUBECONFIG, else ~/.kube/config; where a link leads to."""
    named = [part for part in environ.get("KUBECONFIG", "").split(":") if part]
    file = Path(named[0]).expanduser() if named else Path(environ.get("HOME", "~")).expanduser() / ".kube" / "config"
    return file.resolve()


def merge_into(file: Path, text: str) -> None:
    """The bay's entries replace those of an earlier merge, and its context becomes the current one."""
    theirs, ours = _read(file), yaml.safe_load(text)
    _refuse_foreign(file, theirs, ours)
    lists = {key: _merged(theirs.get(key) or [], ours[key]) for key in LISTS}
    head = {"apiVersion": "v1", "kind": "Config"}
    whole = {**head, **theirs, **lists, "current-context": ours["current-context"]}
    write_private(file, yaml.safe_dump(whole, sort_keys=False, allow_unicode=True))


def _read(file: Path) -> Json:
    try:
        found = yaml.safe_load(file.read_text()) if file.exists() else {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise UsageError(f"{file} cannot be read", detail=str(exc), hint="--out FILE writes another one") from exc
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise UsageError(f"{file} is no kubeconfig", hint="--out FILE writes another one")
    return found


def _refuse_foreign(file: Path, theirs: Json, ours: Json) -> None:
    """A context of the same name that is somebody else's is not written over."""
    (context,) = ours["contexts"]
    for each in theirs.get("contexts") or ():
        if each["name"] == context["name"] and each["context"].get("user") != context["context"]["user"]:
            raise UsageError(
                f"{file} has a context {each['name']} that is not of magnumctl",
                detail=f"its user is {each['context'].get('user')}",
                hint=f"kubectl config rename-context {each['name']} NEW, or --out FILE",
            )


def _merged(theirs: list[Json], ours: list[Json]) -> list[Json]:
    names = {each["name"] for each in ours}
    return [*(each for each in theirs if each["name"] not in names), *ours]
