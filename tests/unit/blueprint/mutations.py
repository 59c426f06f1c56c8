"""Blueprints broken at random, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

SCRAPS = (
    "{{ site }}", "{{", "}}", "{% if x %}", "{{ 9**9**9 }}", "{{ x | default('a') }}", "&a ", "*a", "<<: *a", "\t",
    ": ", "- ", "[", "]", "{", "}", '"', "'", "|", ">", "#", "!!python/object:os.system ", "!!int ", "? ", "null",
    "~", "true", "-1", "99999999999999999999", "1e309", ".inf", "0x1f", "\x00", "\x85", "\u2028", "\ufeff", "\n---\n",
    "é", "\N{PILE OF POO}", "nginx: ", "for_each: [a, b]", "each", "%YAML 1.1\n", "\r\n", "\x1b[31m", "../../etc",
)  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 1, 5, 40)))
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:start] + chance.choice(SCRAPS) + text[end:]
        elif kind == 1:
            text = text[:start] + text[end:]
        elif kind == 2:
            text = text[:start] + text[start:end] * 3 + text[end:]
        else:
            lines = text.splitlines(keepends=True) or [""]
            one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            text = "".join(lines)
    return text


def mutations(seeds: list[Path], count: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    texts = [file.read_text() for file in seeds]
    for _ in range(count):
        content = mutated(chance.choice(texts), chance).encode("utf-8", "surrogatepass")
        if chance.random() < 0.05:
            at = chance.randrange(len(content) + 1)
            content = content[:at] + bytes([chance.randrange(256)]) + content[at:]
        yield content
