"""The few words of shell grammar that container commands are written in: lists, while and for loops, redirections."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""[ \t]*(?:
    (?P<operator>&&|\|\||;|\n|&(?!>)|\|)
  | (?P<redirect>(?:[012&]?>>?\s*(?:&[012]|[^\s;&|]+)))
  | (?P<word>(?:'[^']*'|"(?:\\.|[^"\\])*"|\$\([^)]*\)|`[^`]*`|\\.|[^\s;&|>'"`\\])+)
)""",
    re.VERBOSE,
)
KEYWORDS = frozenset({"do", "done"})


@dataclass(frozen=True)
class Command:
    """`words` still hold their variables; one that begins with NUL is taken as it is (single quotes)."""

    words: tuple[str, ...]
    to_stderr: bool = False
    silent: bool = False


@dataclass(frozen=True)
class Step:
    """`joined` is how it hangs on the one before: `;`, `&&` or `||`."""

    joined: str
    body: Command | Loop


@dataclass(frozen=True)
class Script:
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Loop:
    """`words` is None for while: then `condition` is asked before each turn."""

    condition: Script
    body: Script
    variable: str = ""
    words: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Token:
    kind: str
    text: str


def parse_script(text: str) -> Script:
    return _Parser(_tokens(text)).script(frozenset())


def _tokens(text: str) -> list[Token]:
    cleaned = re.sub(r"[ \t]+", " ", text.replace("\\\n", " "))
    found: list[Token] = []
    position = 0
    while match := TOKEN.match(cleaned, position):
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind].strip(" ") if kind != "word" else match[kind]))
        position = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def script(self, ends: frozenset[str]) -> Script:
        steps: list[Step] = []
        joined = ";"
        while (token := self._peek()) is not None and token.text not in ends:
            if token.kind == "operator":
                joined = token.text if token.text in {"&&", "||"} else ";"
                self._at += 1
                continue
            steps.append(Step(joined, self._body(token)))
            joined = ";"
        self._at += 1
        return Script(tuple(steps))

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _body(self, token: Token) -> Command | Loop:
        if token.text == "while":
            self._at += 1
            return Loop(condition=self.script(frozenset({"do"})), body=self.script(frozenset({"done"})))
        if token.text == "for":
            return self._for()
        return self._command()

    def _for(self) -> Loop:
        header = self._command().words
        self.script(frozenset({"do"}))
        return Loop(Script(()), self.script(frozenset({"done"})), variable=header[1], words=header[3:])

    def _command(self) -> Command:
        words: list[str] = []
        redirects = ""
        while (token := self._peek()) is not None and token.kind != "operator":
            if token.kind == "redirect":
                redirects += token.text
            elif token.text not in KEYWORDS or words:
                words.append(_unquoted(token.text))
            self._at += 1
        return Command(tuple(words), to_stderr="&2" in redirects, silent=bool(re.search(r"(?<![02])> ?/", redirects)))


def _unquoted(word: str) -> str:
    if re.fullmatch(r"'[^']*'", word):
        return "\0" + word[1:-1]
    return re.sub(r"'([^']*)'|\"((?:\\.|[^\"\\])*)\"|\\(.)", lambda each: each[1] or each[2] or each[3] or "", word)
