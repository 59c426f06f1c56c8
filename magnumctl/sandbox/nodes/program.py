"""What a container's command would do, told without doing it: enough of a shell for what blueprints and tests start."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from magnumctl.sandbox.nodes.shell import Command, Loop, Script, Step, parse_script

SHELLS = frozenset({"sh", "bash", "ash", "dash"})
BANNERS = {
    "nginx": "/docker-entrypoint.sh: Configuration complete; ready for start up",
    "redis-server": "1:M * Ready to accept connections tcp",
    "postgres": "LOG:  database system is ready to accept connections",
    "httpd-foreground": "AH00094: Command line: 'httpd -D FOREGROUND'",
}
FOREVER = math.inf
LEAST_TURN = 0.05
"""A loop that never waits would fill the memory: each turn takes at least this many seconds."""


@dataclass(frozen=True)
class Output:
    text: str
    stream: Literal["stdout", "stderr"] = "stdout"


@dataclass(frozen=True)
class Pause:
    """Seconds until the program goes on; infinite: until it is stopped."""

    seconds: float


Run = Generator[Output | Pause, None, int]
"""Yields what happens and returns the exit code."""


class CommandNotFoundError(Exception):
    pass


@dataclass(frozen=True)
class Surroundings:
    environment: Mapping[str, str]
    hostname: str = "localhost"
    stdin: str = ""


def execute(argv: Sequence[str], around: Surroundings) -> Run:
    """Raises CommandNotFoundError, before anything happens, for a command that no image has."""
    name = argv[0].rsplit("/", 1)[-1] if argv else ""
    if not name or re.search(r"missing|nope|no-?such|nonexist|not-?found", name):
        raise CommandNotFoundError(argv[0] if argv else "")
    return _run(name, list(argv[1:]), around)


def _run(name: str, arguments: list[str], around: Surroundings) -> Run:
    if name in SHELLS:
        return (yield from _shell(arguments, around))
    if name == "env" and arguments and "=" not in arguments[0]:
        return (yield from _run(arguments[0].rsplit("/", 1)[-1], arguments[1:], around))
    if name in {"sleep", "tail", "cat"}:
        return (yield from _waiting(name, arguments, around))
    if (said := _said(name, arguments, around)) is not None:
        if said:
            yield Output(said)
        return 0
    return (yield from _other(name, arguments))


def _shell(arguments: list[str], around: Surroundings) -> Run:
    if arguments and re.match(r"^-[a-z]*c[a-z]*$", arguments[0]) and len(arguments) > 1:
        return (yield from _script(parse_script(arguments[1]), around))
    return (yield from _script(parse_script(around.stdin), around)) if around.stdin else 0


def _waiting(name: str, arguments: list[str], around: Surroundings) -> Run:
    if name == "sleep":
        yield Pause(_seconds(arguments[0] if arguments else "0"))
    elif name == "tail" and any(each.startswith(("-f", "-F")) for each in arguments):
        yield Pause(FOREVER)
    elif not arguments and around.stdin:
        yield Output(around.stdin)
    elif arguments and arguments[0] not in {"/etc/hostname", "/dev/null"}:
        yield Output(f"{name}: can't open '{arguments[0]}': No such file or directory\n", "stderr")
        return 1
    elif arguments and arguments[0] == "/etc/hostname":
        yield Output(around.hostname + "\n")
    return 0


def _seconds(word: str) -> float:
    match = re.match(r"^(\d+(?:\.\d+)?)([smhd]?)$", word)
    scale = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
    return float(match[1]) * scale[match[2]] if match else FOREVER


def _said(name: str, arguments: list[str], around: Surroundings) -> str | None:
    """What a command that ends at once prints; None when it is not one of these."""
    if name in SILENT:
        return ""
    if name in FIXED:
        return FIXED[name]
    speaking = SPEAKING.get(name)
    return speaking(arguments, around) if speaking else None


def _echo(arguments: list[str], _around: Surroundings) -> str:
    newline = "" if arguments[:1] == ["-n"] else "\n"
    return " ".join(each for each in arguments if each not in {"-n", "-e"}) + newline


def _printf(arguments: list[str], _around: Surroundings) -> str:
    return arguments[0].replace("\\n", "\n").replace("%s", " ".join(arguments[1:])) if arguments else ""


def _uname(arguments: list[str], around: Surroundings) -> str:
    return {"-n": around.hostname, "-r": "6.1.0-sandbox", "-m": "x86_64"}.get("".join(arguments), "Linux") + "\n"


def _environment(names: list[str], around: Surroundings) -> str:
    environment = around.environment
    if names:
        return "".join(f"{environment[each]}\n" for each in names if each in environment)
    return "".join(f"{name}={value}\n" for name, value in environment.items())


def _stty(arguments: list[str], around: Surroundings) -> str:
    known = around.environment
    return f"{known['LINES']} {known['COLUMNS']}\n" if arguments == ["size"] and "LINES" in known else ""


SILENT = frozenset({"true", ":", "mkdir", "touch", "chmod", "chown", "rm", "cd", "export", "set", "trap", "test", "["})
FIXED: Mapping[str, str] = {
    "id": "uid=0(root) gid=0(root) groups=0(root)\n",
    "whoami": "root\n",
    "pwd": "/\n",
    "ls": "bin\ndev\netc\nhome\nproc\nroot\nsys\ntmp\nusr\nvar\n",
    "hello": "\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n",
}
SPEAKING: Mapping[str, Callable[[list[str], Surroundings], str]] = {
    "echo": _echo,
    "printf": _printf,
    "uname": _uname,
    "env": _environment,
    "printenv": _environment,
    "stty": _stty,
    "hostname": lambda _arguments, around: around.hostname + "\n",
}


def _other(name: str, arguments: list[str]) -> Run:
    if name == "false":
        return 1
    if name == "exit":
        return int(arguments[0]) if arguments and arguments[0].isdigit() else 0
    if name == "redis-cli":
        yield Output("PONG\n" if arguments == ["ping"] else "OK\n")
        return 0
    yield Output(BANNERS.get(name, f"{name}: started") + "\n")
    yield Pause(FOREVER)
    return 0


class _Exit(Exception):  # noqa: N818 - the shell's exit, not an error
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def spoken(line: str, around: Surroundings) -> Generator[Output | Pause, None, tuple[int, bool]]:
    """One line typed into a shell: its exit code, and whether the shell ends with it."""
    try:
        return (yield from _steps(parse_script(line), around)), False
    except _Exit as end:
        return end.code, True


def _script(script: Script, around: Surroundings) -> Run:
    try:
        return (yield from _steps(script, around))
    except _Exit as end:
        return end.code


def _steps(script: Script, around: Surroundings) -> Run:
    code = 0
    for step in script.steps:
        if (step.joined == "&&" and code) or (step.joined == "||" and not code):
            continue
        code = yield from _step(step, around)
    return code


def _step(step: Step, around: Surroundings) -> Run:
    if isinstance(step.body, Loop):
        return (yield from _loop(step.body, around))
    return (yield from _command(step.body, around))


def _loop(loop: Loop, around: Surroundings) -> Run:
    if loop.words is None:
        while (yield from _steps(loop.condition, around)) == 0:
            yield from _steps(loop.body, around)
            yield Pause(LEAST_TURN)
        return 0
    for word in loop.words:
        yield from _steps(loop.body, _with(around, loop.variable, _expanded(word, around)))
    return 0


def _with(around: Surroundings, name: str, value: str) -> Surroundings:
    return Surroundings({**around.environment, name: value}, around.hostname, around.stdin)


def _command(command: Command, around: Surroundings) -> Run:
    words = [_expanded(word, around) for word in command.words]
    if words and words[0] == "exec":
        words = words[1:]
    name = words[0].rsplit("/", 1)[-1] if words else "true"
    if name == "exit":
        raise _Exit((yield from _other(name, words[1:])))
    if re.search(r"missing|nope|no-?such|nonexist|not-?found", name):
        yield Output(f"sh: {words[0]}: not found\n", "stderr")
        return 127
    return (yield from _redirected(command, _run(name, words[1:], around)))


def _redirected(command: Command, run: Run) -> Run:
    while True:
        try:
            happened = next(run)
        except StopIteration as end:
            return int(end.value)
        if isinstance(happened, Pause):
            yield happened
        elif not command.silent:
            yield Output(happened.text, "stderr") if command.to_stderr else happened


def _expanded(word: str, around: Surroundings) -> str:
    if word.startswith("\0"):
        return word[1:]
    word = re.sub(r"\$\((?:uname -n|hostname)\)|`hostname`", around.hostname, word)
    word = re.sub(r"\$\(date[^)]*\)", "Thu Jan  1 00:00:00 UTC 1970", word)
    return re.sub(r"\$\{?(\w+)\}?", lambda match: around.environment.get(match[1], ""), word)
