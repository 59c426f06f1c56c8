"""What `validate` says, of a blueprint or of its problems."""

from __future__ import annotations

from magnumctl.actions.reports import ProblemRow, ValidateReport
from magnumctl.blueprint.model import Blueprint
from magnumctl.errors import InvalidBlueprintError


def valid(blueprint: Blueprint) -> ValidateReport:
    return ValidateReport(cloud=blueprint.cloud, valid=True, warnings=blueprint.warnings)


def invalid(error: InvalidBlueprintError) -> ValidateReport:
    return ValidateReport(
        valid=False,
        problems=tuple(
            ProblemRow(
                file=str(problem.file),
                line=problem.line,
                column=problem.column,
                path=problem.path,
                message=problem.message,
                hint=problem.hint,
                excerpt=problem.excerpt,
            )
            for problem in error.problems
        ),
    )
