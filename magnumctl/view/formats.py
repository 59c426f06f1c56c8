"""Reports to standard output: text for people, JSON and YAML for scripts."""

from __future__ import annotations

import json
import sys

import yaml

from magnumctl.actions.reports import Report
from magnumctl.errors import InvalidBlueprintError, MagnumctlError

from .output import Format
from .text import output as output_console
from .text import print_error, print_report


def show(report: Report, output: Format) -> None:
    if output is Format.text:
        print_report(report, output_console())
    else:
        _dump(report.model_dump(mode="json"), output)


def show_error(error: MagnumctlError, output: Format) -> None:
    """Text goes to standard error; JSON and YAML to standard output, where the script is reading."""
    if output is Format.text:
        print_error(error)
        return
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
    _dump({"format_version": "1.0", "error": said}, output)


def _dump(document: dict[str, object], output: Format) -> None:
    text = (
        json.dumps(document, indent=2)
        if output is Format.json
        else yaml.safe_dump(document, sort_keys=False, allow_unicode=True).rstrip()
    )
    sys.stdout.write(text + "\n")
