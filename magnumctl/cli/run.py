"""One run of the command line: errors are shown here, once, and become the exit code."""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from magnumctl.errors import MagnumctlError, UsageError
from magnumctl.view.output import Format

from .app import app
from .output import asked_for

INTERRUPTED = 130
DEBUG = "--debug"


def run(words: list[str]) -> int:
    """The exit code. With `--debug`, which may stand anywhere, errors are raised as they are."""
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
        typer.echo(nl=False)  # writes out what is buffered
    except TyperException as error:
        return _wrong_usage(error, output)
    except MagnumctlError as error:
        if debug:
            raise
        return _show(error, output)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        _close_output()  # its reader, such as `head`, has seen enough
        return MagnumctlError.exit_code
    except Exception as error:
        if debug:
            raise
        return _show_unforeseen(error, output)
    return int(result or 0)


def ours(words: list[str]) -> list[str]:
    """Those before `--`: what follows belongs to the command that `exec` starts."""
    return words[: words.index("--")] if "--" in words else words


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wrong_usage(error: TyperException, output: Format) -> int:
    text = error.format_message() or "no command was given"
    context = getattr(error, "ctx", None)
    if not error.message:
        sys.stderr.write(f"{context.get_help() if context else text}\n")
        return UsageError.exit_code
    path = context.command_path if context else "magnumctl"
    return _show(UsageError(text, hint=f"{path} --help"), output)


def _show_unforeseen(error: Exception, output: Format) -> int:
    """A file that cannot be used says so itself. Of a bug the place is shown, not the text: it may hold a secret."""
    if isinstance(error, OSError):
        cause = error.strerror or type(error).__name__
        if error.filename:
            return _show(MagnumctlError(f"{error.filename}: {cause}"), output)
        _close_output()
        return _show(MagnumctlError(f"the output could not be written: {cause}"), Format.text)
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    return _show(MagnumctlError("this is a bug of magnumctl", detail=where, hint="report what --debug shows"), output)


def _close_output() -> None:
    """What could not be written must not be tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show(error: MagnumctlError, output: Format) -> int:
    from magnumctl.view.formats import show_error

    show_error(error, output)
    return error.exit_code
