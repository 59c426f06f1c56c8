"""A shell on a pseudo-terminal: it echoes what is typed, and does it line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from magnumctl.sandbox.nodes.program import SHELLS, Output, Pause, Surroundings, spoken

PROMPT = "# "
ENTER, ERASE, INTERRUPT, END = "\r\n", "\b\x7f", "\x03", "\x04"


@dataclass(frozen=True)
class Size:
    columns: int = 80
    rows: int = 24


@dataclass(frozen=True)
class Terminal:
    """`typed` ends when the caller is gone; `size` is asked before each line; `sleep` is False once all is over."""

    around: Surroundings
    typed: Iterator[bytes]
    show: Callable[[str], None]
    size: Callable[[], Size]
    sleep: Callable[[Pause], bool]


def is_interactive(command: Sequence[str]) -> bool:
    return command[0].rsplit("/", 1)[-1] in SHELLS and len(command) == 1


def talk(terminal: Terminal) -> int:
    """The shell's exit code: of `exit N`, else of the last line."""
    line, code = "", 0
    terminal.show(PROMPT)
    for key in (key for keys in terminal.typed for key in keys.decode(errors="replace")):
        if key in ENTER:
            terminal.show("\n")
            code, has_ended = _done(terminal, line)
            if has_ended:
                return code
            line = ""
            terminal.show(PROMPT)
        elif key == END and not line:
            return code
        else:
            line = _edited(terminal, line, key)
    return code


def _edited(terminal: Terminal, line: str, key: str) -> str:
    if key == INTERRUPT:
        terminal.show(f"^C\n{PROMPT}")
        return ""
    if key in ERASE:
        terminal.show("\b \b" if line else "")
        return line[:-1]
    terminal.show(key if key.isprintable() else "")
    return line + key


def _done(terminal: Terminal, line: str) -> tuple[int, bool]:
    size = terminal.size()
    known = {**terminal.around.environment, "LINES": str(size.rows), "COLUMNS": str(size.columns)}
    running = spoken(line, replace(terminal.around, environment=known))
    while True:
        try:
            happened = next(running)
        except StopIteration as end:
            code, has_ended = end.value
            return int(code), bool(has_ended)
        if isinstance(happened, Output):
            terminal.show(happened.text)
        elif not terminal.sleep(happened):
            return 137, True
