"""Collects everything wrong with a blueprint, each with its place and the line it stands on."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

from magnumctl.errors import InvalidBlueprintError, Problem

from .tree import Place

LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
LONGEST_EXCERPT = 110
LONGEST_QUOTE = 60
MOST_PROBLEMS = 200
"""More than a person reads; with so many the rest is not looked for."""
MOST_COMPARED = 500
"""Words that a wrong one is compared with."""


class EnoughError(Exception):
    """There are so many problems that reading on is of no use."""


class UnreadableError(Exception):
    """A file that cannot be read on: the first thing in the way, and where."""

    def __init__(self, place: Place, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.hint = hint


class Problems:
    def __init__(self) -> None:
        self._found: dict[tuple[Place, str], Problem] = {}
        self._spoiled: set[Place] = set()
        self._lines: dict[Path, list[str]] = {}

    def register(self, file: Path, text: str) -> None:
        """Makes the text's lines known, for the excerpts."""
        self._lines[file] = LINE_BREAK.split(text)

    def forget(self, file: Path) -> None:
        """Drops a file's problems: it turned out to be no blueprint."""
        self._found = {key: found for key, found in self._found.items() if found.file != file}

    def line(self, file: Path, number: int) -> str:
        lines = self._lines.get(file, [])
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def add(self, place: Place, message: str, hint: str = "", path: str = "") -> None:
        if place in self._spoiled:
            return
        problem = Problem(
            file=place.file,
            line=place.line,
            column=place.column,
            path=printable(path),
            message=printable(message),
            hint=printable(hint),
            excerpt=self._excerpt(place),
        )
        self._found.setdefault((place, message), problem)
        if len(self._found) >= MOST_PROBLEMS:
            raise EnoughError

    def spoil(self, place: Place) -> None:
        """Whatever else is found there follows from a problem already told."""
        self._spoiled.add(place)

    def unreadable(self, error: UnreadableError) -> None:
        self.add(error.place, error.message, error.hint)

    def raise_if_any(self) -> None:
        if self._found:
            raise InvalidBlueprintError(tuple(sorted(self._found.values(), key=_reading_order)))

    def _excerpt(self, place: Place) -> str:
        """The line and a caret below; a long line is cut around the caret."""
        line = self.line(place.file, place.line)
        start = max(0, place.column - LONGEST_EXCERPT // 2) if len(line) > LONGEST_EXCERPT else 0
        shown = printable(line[start : start + LONGEST_EXCERPT].replace("\t", " "))
        return f"{shown}\n{' ' * (place.column - 1 - start)}^" if shown.strip() else ""


def _reading_order(problem: Problem) -> tuple[str, int, int, str]:
    return str(problem.file), problem.line, problem.column, problem.message


def printable(text: str) -> str:
    """Without characters that could steer a terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def quoted(text: str) -> str:
    shown = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}..."
    return f'"{" ".join(shown.split())}"'


def did_you_mean(word: str, valid: Iterable[str], otherwise: str = "") -> str:
    """A hint naming the nearest valid word, or all of them when none is near and they are few."""
    words = sorted(set(valid), key=lambda known: (known[:1] != word[:1], known))[:MOST_COMPARED]
    near = difflib.get_close_matches(word[:LONGEST_QUOTE], words, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    if otherwise and words:
        return f"{otherwise}: {', '.join(sorted(words)[:30])}"
    return ""


def any_of(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
