"""The words of `-o`; apart from what prints, which costs time to import."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    text = "text"
    json = "json"
    yaml = "yaml"
