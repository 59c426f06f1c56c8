from __future__ import annotations

import pytest

from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.selectors import selected

BODY = {"metadata": {"name": "p", "labels": {"app": "web", "tier": "front"}}, "status": {"phase": "Running"}}


@pytest.mark.parametrize(
    ("labels", "fields", "chosen"),
    [
        ("", "", True),
        ("app=web,tier==front", "", True),
        ("app!=web", "", False),
        ("app in (web, api),!other", "", True),
        ("app notin (web)", "", False),
        ("tier", "metadata.name=p,status.phase!=Pending", True),
        ("", "metadata.name=q", False),
    ],
)
def test_selectors_choose_as_kubernetes_does(labels: str, fields: str, chosen: bool) -> None:
    """Equality, sets, presence, fields."""
    assert selected(labels, fields)(BODY) == chosen


def test_an_unreadable_selector_is_a_bad_request() -> None:
    """400, not an empty list."""
    with pytest.raises(ApiError, match="unable to parse requirement"):
        selected("a in b", "")
