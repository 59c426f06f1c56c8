"""What `-o` asks for."""

from __future__ import annotations

from magnumctl.view.output import Format


def asked_for(words: list[str]) -> Format:
    """The format that a command line asks for, found without parsing it: errors of parsing must be shown in it too."""
    for word, following in zip(words, [*words, ""][1:], strict=True):
        value = following if word in {"-o", "--output"} else word.removeprefix("--output=").removeprefix("-o")
        if word.startswith(("-o", "--output")) and value in set(Format):
            return Format(value)
    return Format.text
