"""What was done to one workload, as a report."""

from __future__ import annotations

from magnumctl.coe.details import Deed

from .clients import Clients
from .named import Named
from .workload_reports import DeedReport, DeedRow


def deed_report(clients: Clients, workload: Named, verb: str, deed: Deed) -> DeedReport:
    return DeedReport(
        cloud=clients.identity.cloud,
        deed=DeedRow(
            kind=workload.kind,
            name=workload.name,
            bay=workload.record.name,
            node=deed.node,
            verb=verb,
            status=deed.state,
            changed=deed.is_done,
            message=deed.message,
        ),
        warnings=warnings_of(workload) if verb == "delete" else (),
    )


def warnings_of(workload: Named) -> tuple[str, ...]:
    """Before a deletion, and after it."""
    if not workload.is_pushed:
        return ()
    return (f"the blueprint still has {workload.kind} {workload.name}: the next apply brings it back",)
