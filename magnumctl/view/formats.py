"""Reports to standard output: text for people, JSON and YAML for scripts."""

from __future__ import annotations

import json
import sys
import threading
from importlib import import_module

import yaml

from magnumctl.actions.reports import Report
from magnumctl.errors import InvalidBlueprintError, MagnumctlError

from .output import Format


def expect(output: Format) -> None:
    """Imports what `show` will need, aside: rich takes 50 ms, and Terraform is being waited for."""
    if output is Format.text:
        threading.Thread(target=import_module, args=("magnumctl.view.text",), daemon=True).start()


def show(report: Report, output: Format) -> None:
    if output is Format.text:
        from .text import output as console  # noqa: PLC0415 see expect
        from .text import print_report  # noqa: PLC0415

        print_report(report, console())
    else:
        _dump(report.model_dump(mode="json"), output)


def show_error(error: MagnumctlError, output: Format) -> None:
    """Text goes to standard error; JSON and YAML to standard output, where the script is reading."""
    if output is Format.text:
        from .text import print_error  # noqa: PLC0415 see expect

        print_error(error)
        return
    _dump({"format_version": "1.0", "error": _said(error)}, output)


def show_both(report: Report, error: MagnumctlError, output: Format) -> None:
    """What was found before it failed, and the error, in one document: scripts read one."""
    _dump({**report.model_dump(mode="json"), "error": _said(error)}, output)


def _said(error: MagnumctlError) -> dict[str, object]:
    said: dict[str, object] = {
        "summary": error.summary,
        "detail": error.detail,
        "hint": error.hint,
        "exit_code": error.exit_code,
    }
    if isinstance(error, InvalidBlueprintError):
        said["problems"] = [
            {
                "file": str(p.file),
                "line": p.line,
                "column": p.column,
                "path": p.path,
                "message": p.message,
                "hint": p.hint,
            }
            for p in error.problems
        ]
    return said


def _dump(document: dict[str, object], output: Format) -> None:
    text = (
        json.dumps(document, indent=2)
        if output is Format.json
        else yaml.safe_dump(document, sort_keys=False, allow_unicode=True).rstrip()
    )
    sys.stdout.write(text + "\n")
