"""The user's own cloud-config, read and checked before it is put after ours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from posixpath import normpath

import yaml

from magnumctl.compiler.cloud_config import HEADER, MERGED
from magnumctl.errors import BlueprintError


def extra_of(bay: str, text: str | None, our_paths: Collection[str]) -> Mapping[str, object]:
    """The mapping in `text`; BlueprintError when it is none, or would write over a file of ours."""
    if text is None:
        return {}
    document = _parsed(bay, text)
    for path in _written(document):
        if path in our_paths:
            raise BlueprintError(
                f"the user_data of bay {bay} writes {path}, which magnumctl writes itself",
                hint="write a file of another name",
            )
    return document


def _parsed(bay: str, text: str) -> Mapping[str, object]:
    first = text.lstrip().partition("\n")[0].strip()
    if first.startswith(("#!", "## template:", "Content-Type:", "#cloud-", "#include")) and first != HEADER:
        raise _not_ours(bay, f"it starts with {first!r}")
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        raise _not_ours(bay, " ".join(str(exc).split())) from exc
    if document is None:
        return {}
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise _not_ours(bay, "it is no mapping of keys to values")
    for key in MERGED:
        if not isinstance(document.get(key, []), list):
            raise _not_ours(bay, f"{key} is no list")
    return document


def _not_ours(bay: str, cause: str) -> BlueprintError:
    return BlueprintError(
        f"the user_data of bay {bay} is no cloud-config",
        detail=cause,
        hint=f"begin the file with {HEADER}, and write YAML below it",
    )


def _written(document: Mapping[str, object]) -> list[str]:
    files = document.get("write_files", [])
    listed = files if isinstance(files, list) else []
    return [normpath(str(file["path"])) for file in listed if isinstance(file, dict) and "path" in file]
