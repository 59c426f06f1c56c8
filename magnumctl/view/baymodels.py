"""Baymodels as text."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from magnumctl.actions.baymodel_reports import BaymodelListReport, BaymodelReport, WouldGetRow

from .plain import clean


def print_baymodels(report: BaymodelListReport, console: Console) -> None:
    if not report.baymodels:
        console.print("no baymodels")
    for row in report.baymodels:
        used = ", ".join(row.bays) or "no bay uses it"
        console.print(escape(clean(f"{row.name:<20} {row.coe or '-':<11} {used}")))


def print_baymodel(report: BaymodelReport, console: Console) -> None:
    console.print(f"baymodel {escape(report.baymodel)}" + ("" if report.bays else ": no bay uses it"))
    for bay in report.bays:
        _print_bay(bay, console)
    for row in report.names:
        found = escape(row.id) if row.id else f"[red]{escape(clean(row.message))}[/]"
        console.print(f"  {row.kind:<9} {escape(clean(row.name))}: {found}")


def _print_bay(bay: WouldGetRow, console: Console) -> None:
    console.print(f"  bay {escape(bay.bay)}  {bay.coe}")
    for name, value in bay.model_dump(exclude={"bay", "coe", "groups"}).items():
        text = ", ".join(value) if isinstance(value, tuple) else str(value)
        if value:
            console.print(f"    {name:<18} {escape(clean(text))}")
    for group in bay.groups:
        zones = f", zones {', '.join(group.availability_zones)}" if group.availability_zones else ""
        volume = f", {group.boot_volume_gib} GiB volume" if group.boot_volume_gib else ""
        said = f"{len(group.nodes)} x {group.flavor}, {group.image}{volume}, {group.policy}{zones}"
        console.print(f"    {escape(clean(f'{group.name:<18} {said}'))}")
