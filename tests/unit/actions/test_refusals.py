"""Which plans are shown and not carried out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from magnumctl.actions.plan import BayPlan
from magnumctl.actions.refusals import objections
from magnumctl.actions.servers import SERVER
from magnumctl.actions.wishes import Wishes
from magnumctl.errors import RefusedPlanError
from magnumctl.terraform import Plan, ResourceChange
from tests.unit.compiler.bays import KUBERNETES, compiled, control_plane, group, kubernetes_bay
from tests.unit.ledger.bays import WEB

Action = Literal["create", "delete", "replace", "update"]
THREE = tuple(f"control-plane-{number}" for number in range(3))


def planned(*changes: tuple[Action, str], protect: bool = False, control_planes: tuple[str, ...] = THREE) -> BayPlan:
    servers = tuple(ResourceChange(f'this["{node}"]', SERVER, action, node=node) for action, node in changes)
    others = (ResourceChange("this", "openstack_networking_port_v2", "delete"),)
    bay = kubernetes_bay(control_plane(3), group("workers", 2))
    plan = Plan("web", (*servers, *others), (), Path("plan"), "", "", "")
    record = replace(WEB, protect=protect)
    return BayPlan(
        bay, record, KUBERNETES, compiled(bay), plan, Wishes(), (), is_new=False, control_planes=control_planes
    )


def said(plan: BayPlan) -> list[tuple[str, str]]:
    return [(objection.summary, objection.detail) for objection in objections(plan)]


@pytest.mark.parametrize("action", ["delete", "replace"])
def test_a_protected_bay_loses_no_node(action: Action) -> None:
    """Every node that would go is named."""
    plan = planned((action, "workers-1"), ("create", "workers-2"), ("delete", "workers-0"), protect=True)
    assert said(plan) == [("bay web is protected", "the plan deletes or replaces workers-0, workers-1")]


@pytest.mark.parametrize("action", ["create", "update"])
def test_a_protected_bay_may_grow_and_change(action: Action) -> None:
    """A port that goes is no node."""
    assert said(planned((action, "workers-1"), protect=True)) == []


def test_one_control_plane_stays() -> None:
    """Two of three may go, one by one; three may not; before a bay was ever ready it has nothing to lose."""
    all_three: list[tuple[Action, str]] = [("replace", name) for name in THREE]
    assert said(planned(*all_three[1:])) == []
    assert said(planned(*all_three, control_planes=())) == []
    (objection,) = objections(planned(*all_three))
    assert isinstance(objection, RefusedPlanError)
    assert objection.summary == "bay web: no control plane would stay"
