"""One run of the command line: errors are shown here, once, and become the exit code."""

from __future__ import annotations

import logging
import signal
import sys
from types import FrameType

from typer.exceptions import TyperException
from typer.main import get_command

from magnumctl.errors import MagnumctlError, UsageError
from magnumctl.view.output import Format

from .app import app
from .output import asked_for

INTERRUPTED = 130
DEBUG = "--debug"


def run(words: list[str]) -> int:
    """The exit code. A bug is raised as it is; with `--debug`, which may stand anywhere, an error is too."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    own = ours(words)
    output = asked_for(own)
    debug = DEBUG in own
    if not debug:
        logging.getLogger().addHandler(logging.NullHandler())  # what SDKs log, the error says in our words
    plain = [word for word in own if word != DEBUG] + words[len(own) :]
    try:
        result = get_command(app).main(plain, prog_name="magnumctl", standalone_mode=False)
    except TyperException as error:
        return _wrong_usage(error, output)
    except MagnumctlError as error:
        if debug:
            raise
        return _show(error, output)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    return int(result or 0)


def ours(words: list[str]) -> list[str]:
    """Those before `--`: what follows belongs to the command that `exec` starts."""
    return words[: words.index("--")] if "--" in words else words


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wrong_usage(error: TyperException, output: Format) -> int:
    text = getattr(error, "message", str(error)) or "no command was given"
    context = getattr(error, "ctx", None)
    if not getattr(error, "message", ""):
        sys.stderr.write(f"{context.get_help() if context else text}\n")
        return UsageError.exit_code
    path = context.command_path if context else "magnumctl"
    return _show(UsageError(text, hint=f"{path} --help"), output)


def _show(error: MagnumctlError, output: Format) -> int:
    from magnumctl.view.formats import show_error

    show_error(error, output)
    return error.exit_code
