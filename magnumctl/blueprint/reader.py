"""A file's bytes become text, or a clear problem: size, kind of file, encoding, control characters."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .problems import LINE_BREAK, UnreadableError
from .tree import Place

MOST_BYTES = 1 << 20
MOST_FILES = 1000
CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Whatever YAML's `c-printable` leaves out."""
MARKS = {
    b"\xef\xbb\xbf": "starts with a byte order mark",
    b"\xff\xfe": "is UTF-16, not UTF-8",
    b"\xfe\xff": "is UTF-16, not UTF-8",
}
NOT_A_BLUEPRINT = re.compile(r"\A#cloud-config\b|^apiVersion:", re.MULTILINE)


def read_text(file: Path) -> str:
    content = _read_bytes(file)
    start = Place(file, 1, 1)
    for mark, what in MARKS.items():
        if content.startswith(mark):
            raise UnreadableError(start, f"the file {what}", "save it as UTF-8 without a byte order mark")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as exc:
        place = place_at(file, content[: exc.start].decode("utf-8"), exc.start)
        message = f"the file is not UTF-8: byte 0x{content[exc.start]:02x} has no meaning here"
        raise UnreadableError(place, message, "save it as UTF-8") from exc
    if bad := CONTROL.search(text):
        message = f"the control character U+{ord(bad.group()):04X} is not allowed in YAML"
        raise UnreadableError(place_at(file, text, bad.start()), message)
    return text


def _read_bytes(file: Path) -> bytes:
    start = Place(file, 1, 1)
    try:
        if not file.exists():
            raise UnreadableError(start, "there is no such file")
        if not file.is_file():
            raise UnreadableError(start, "this is no regular file")
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else str(exc)
        raise UnreadableError(start, f"the file cannot be read: {reason}") from exc
    if len(content) > MOST_BYTES:
        raise UnreadableError(start, "the file is larger than 1 MiB")
    return content


def place_at(file: Path, text: str, index: int) -> Place:
    """The place of a character, counted from the start of the text."""
    before = LINE_BREAK.split(text[:index])
    return Place(file, len(before), len(before[-1]) + 1)


def blueprint_files(path: Path) -> list[Path]:
    """A file is itself; a folder, every `*.yaml` under it that is not hidden, in order of name."""
    if not path.is_dir():
        return [path]
    files = []
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        files += [Path(folder, name) for name in sorted(names) if name.endswith(".yaml") and name[0] != "."]
        if len(files) > MOST_FILES:
            raise UnreadableError(Place(path, 1, 1), f"the folder holds more than {MOST_FILES} YAML files")
    if not files:
        raise UnreadableError(Place(path, 1, 1), "the folder holds no *.yaml file", "magnumctl init")
    return files


def is_something_else(text: str) -> bool:
    """A Kubernetes manifest or a cloud-config that lies beside the blueprint which names it."""
    return NOT_A_BLUEPRINT.search(text) is not None
