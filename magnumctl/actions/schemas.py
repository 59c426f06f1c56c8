"""JSON Schemas (2020-12) of what `-o json` prints, from the very models that print it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from magnumctl.errors import UsageError

from . import (
    baymodel_reports,
    drift_reports,
    history_reports,
    node_reports,
    reports,
    state_reports,
    workload_reports,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ErrorRow(reports.Row):
    """`problems` are those of an invalid blueprint."""

    summary: str
    detail: str
    hint: str
    exit_code: int
    problems: tuple[reports.ProblemRow, ...] = Field((), exclude_if=lambda found: not found)


class ErrorReport(reports.Row):
    """Any command that fails, instead of its report."""

    format_version: str = reports.FORMAT_VERSION
    error: ErrorRow


REPORTS: Mapping[str, type[BaseModel]] = {
    "error": ErrorReport,
    "init": reports.FilesReport,
    "validate": reports.ValidateReport,
    "compile": reports.FilesReport,
    "plan": reports.PlanReport,
    "apply": reports.ResultReport,
    "destroy": reports.ResultReport,
    "status": reports.StatusReport,
    "drift": drift_reports.DriftReport,
    "history": reports.HistoryReport,
    "history show": history_reports.ChangeReport,
    "doctor": reports.DoctorReport,
    "demo": reports.DemoReport,
    "bay list": reports.BayListReport,
    "bay show": reports.StatusReport,
    "baymodel list": baymodel_reports.BaymodelListReport,
    "baymodel show": baymodel_reports.BaymodelReport,
    "node list": reports.NodeListReport,
    "node show": node_reports.NodeReport,
    "node console": node_reports.ConsoleReport,
    "pod list": reports.PodListReport,
    "pod show": workload_reports.PodReport,
    "service list": reports.ServiceListReport,
    "service show": workload_reports.ServiceReport,
    "container list": reports.ContainerListReport,
    "container show": workload_reports.ContainerReport,
    "state list": state_reports.StateListReport,
    "state rebuild": state_reports.RebuildReport,
    "state unlock": state_reports.UnlockReport,
    **dict.fromkeys(("pod delete", "service delete", "container delete"), workload_reports.DeedReport),
    **dict.fromkeys(
        (f"container {verb}" for verb in ("start", "stop", "reboot", "pause", "unpause")), workload_reports.DeedReport
    ),
}
"""By the words of the command."""


def report_schema(command: str) -> dict[str, Any]:
    """What the command prints; keys may come to it, none goes."""
    model = REPORTS.get(command)
    if model is None:
        raise UsageError(f"there is no report of {command}", detail=f"there are those of {', '.join(sorted(REPORTS))}")
    return {"$schema": DIALECT, **model.model_json_schema(mode="serialization")}
