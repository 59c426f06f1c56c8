"""The user-data of a node: one cloud-config of our files and one command, with the user's own after it."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from magnumctl.errors import BlueprintError

HEADER = "#cloud-config"
MERGED = ("write_files", "runcmd")
"""The keys of which we have entries, and the user may have more."""
BOOT = "/etc/magnumctl/boot"
LARGEST = 65535
"""Bytes of base64 that Nova takes as user_data."""
ESCAPED = frozenset("\r\x85\u2028\u2029\ufeff")
GO_GZIP = 1.02
"""How much larger than Python's Terraform's gzip may come out."""


@dataclass(frozen=True)
class File:
    """A file on the node, `permissions` in octal."""

    path: str
    content: str
    permissions: str = "0644"


class Dumper(yaml.SafeDumper):
    """Texts of several lines are written as such, so that a person can read what a node was told."""


def _text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    """Escaped where YAML would take a character of the text for a line break or drop it."""
    style = '"' if set(text) & ESCAPED else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, _text)


def cloud_config(files: Iterable[File], extra: Mapping[str, object]) -> str:
    """Ours first, then what `extra` adds: its files and commands come after, its other keys are its own."""
    ours = [{"path": f.path, "permissions": f.permissions, "content": f.content} for f in files]
    document = {
        "write_files": [*ours, *_list(extra, "write_files")],
        "runcmd": [[BOOT], *_list(extra, "runcmd")],
        **{key: value for key, value in extra.items() if key not in MERGED},
    }
    text = yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=4096)
    return f"{HEADER}\n{text}"


def check_size(server: str, text: str) -> None:
    """Raise BlueprintError when Nova would refuse the user-data of this server."""
    size = compressed_size(text)
    if size > LARGEST:
        raise BlueprintError(
            f"the user-data of node {server} is too large: {size} bytes, Nova takes {LARGEST}",
            detail="counted after gzip and base64",
            hint="shorten the bay's user_data or its cni manifest, or put large files into the image",
        )


def compressed_size(text: str) -> int:
    """Bytes of base64, as Terraform's base64gzip makes them; rounded up a little."""
    return int(len(base64.b64encode(gzip.compress(text.encode(), 6, mtime=0))) * GO_GZIP)


def _list(extra: Mapping[str, object], key: str) -> list[object]:
    value = extra.get(key)
    return value if isinstance(value, list) else []
