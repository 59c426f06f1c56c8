from __future__ import annotations

import itertools

import pytest

from magnumctl.sandbox.nodes.program import CommandNotFoundError, Output, Pause, Surroundings, execute

AROUND = Surroundings({"MODE": "prod"}, "host-1")


def played(*argv: str) -> tuple[str, int | None]:
    """What it prints within its first steps and its exit code; None when it goes on."""
    program = execute(argv, AROUND)
    text = ""
    try:
        for _ in range(20):
            happened = next(program)
            if isinstance(happened, Pause) and happened.seconds == float("inf"):
                return text, None
            text += happened.text if isinstance(happened, Output) else ""
    except StopIteration as end:
        return text, end.value
    return text, None


@pytest.mark.parametrize(
    ("argv", "text", "code"),
    [
        (["true"], "", 0),
        (["false"], "", 1),
        (["/bin/echo", "a", "b"], "a b\n", 0),
        (["sh"], "", 0),
        (["sh", "-c", "exit 3"], "", 3),
        (["sh", "-c", "echo $MODE; hostname"], "prod\nhost-1\n", 0),
        (["sh", "-c", "echo '$MODE' \"${MODE}x\""], "$MODE prodx\n", 0),
        (["sh", "-c", "false && echo no || echo yes"], "yes\n", 0),
        (["sh", "-c", "for i in 1 2; do echo n$i; done"], "n1\nn2\n", 0),
        (["sh", "-c", "echo a\necho b > /dev/null\nexec sleep 0"], "a\n", 0),
        (["sh", "-c", "no-such-command"], "sh: no-such-command: not found\n", 127),
        (["nginx"], "/docker-entrypoint.sh: Configuration complete; ready for start up\n", None),
        (["sleep", "infinity"], "", None),
    ],
)
def test_commands_print_and_end_as_they_would(argv: list[str], text: str, code: int | None) -> None:
    """Enough of a shell for what blueprints start."""
    assert played(*argv) == (text, code)


def test_an_endless_loop_waits_in_each_turn() -> None:
    """It may not fill the memory of the sandbox."""
    steps = list(itertools.islice(execute(["sh", "-c", "while true; do echo x; done"], AROUND), 6))
    assert [type(step) for step in steps] == [Output, Pause] * 3


def test_a_command_that_no_image_has_is_not_found() -> None:
    """Before the container runs."""
    with pytest.raises(CommandNotFoundError):
        execute(["no-such-command"], AROUND)
