"""Text from elsewhere, made harmless for a terminal."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """Without control and format characters, newlines and tabs apart: a name or a log cannot move the cursor."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf"})
