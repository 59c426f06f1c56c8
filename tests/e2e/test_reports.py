"""Every command that reports does so in JSON that its own schema describes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import jsonschema
from typer.main import get_command

from magnumctl.actions.schemas import REPORTS, report_schema
from magnumctl.cli.app import app

from .command import Magnumctl

WORDS = {
    "validate": (),
    "compile": ("--out", "compiled"),
    "plan": (),
    "apply": ("--yes",),
    "status": (),
    "drift": (),
    "history": (),
    "history show": ("1",),
    "doctor": (),
    "bay list": (),
    "bay show": ("web",),
    "baymodel list": (),
    "baymodel show": ("docker-small",),
    "node list": (),
    "node show": ("workers-0", "--bay", "edge"),
    "node console": ("workers-0", "--bay", "web"),
    "pod list": (),
    "pod show": ("nginx",),
    "service list": (),
    "service show": ("nginx",),
    "container list": (),
    "container show": ("web",),
    "state list": (),
    "state rebuild": (),
    "state unlock": ("web", "--yes"),
}
"""Those that may run side by side."""
IN_TURN = {
    "container pause": ("web",),
    "container unpause": ("web",),
    "container stop": ("web",),
    "container start": ("web",),
    "container reboot": ("web",),
    "container delete": ("web", "--yes"),
    "service delete": ("nginx", "--yes"),
    "pod delete": ("one", "--yes"),
}
ELSEWHERE = {"init", "demo", "destroy", "error"}
"""Other stories run these; `error` is no command."""


def commands() -> Iterator[str]:
    """All that take `-o`."""
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        if takes_output(command):
            yield name
        yield from (f"{name} {verb}" for verb, leaf in getattr(command, "commands", {}).items() if takes_output(leaf))


def takes_output(command: object) -> bool:
    return any("--output" in parameter.opts for parameter in command.params)  # type: ignore[attr-defined]


def test_every_report_has_a_schema_and_is_walked() -> None:
    """A command that comes to take `-o` has to come here too."""
    assert set(commands()) == set(REPORTS) - {"error"} == (WORDS.keys() | IN_TURN.keys() | ELSEWHERE) - {"error"}


def test_every_command_prints_what_its_schema_says(both: Magnumctl) -> None:
    """On a workspace with a bay of each kind; all problems are told at once."""

    def walk(item: tuple[str, tuple[str, ...]]) -> str:
        return wrong(both, *item)

    with ThreadPoolExecutor(max_workers=3) as pool:
        found = [*pool.map(walk, WORDS.items()), *map(walk, IN_TURN.items())]
    both.must("apply", "--yes")
    assert [each for each in found if each] == []


def wrong(magnumctl: Magnumctl, command: str, words: tuple[str, ...]) -> str:
    finished = magnumctl(*command.split(), *words, "-o", "json")
    try:
        jsonschema.validate(json.loads(finished.stdout), report_schema(command), jsonschema.Draft202012Validator)
    except (ValueError, jsonschema.ValidationError) as exc:
        return f"{command}: {exc} {finished.stderr}"
    return "" if finished.exit_code == 0 else f"{command}: exit code {finished.exit_code}"


def test_errors_have_a_schema_too(both: Magnumctl) -> None:
    """Of a command that fails, and of a blueprint that is wrong."""
    schema = report_schema("error")
    jsonschema.validate(both("bay", "show", "nowhere", "-o", "json").report, schema)
    both.write("version: 1\nbays: 3\n", "wrong.txt")
    jsonschema.validate(both("plan", "wrong.txt", "-o", "json").report, schema)
