from __future__ import annotations

import pytest

from magnumctl.sandbox.server import ConnectionCutError

from .api import COMPUTE, NETWORK, Api


def order(api: Api, **fault: object) -> dict[str, object]:
    return dict(api.post("/sandbox/faults", fault).body)


def statuses(api: Api, path: str, count: int) -> list[int]:
    return [api.call("GET", path).status for _ in range(count)]


def test_the_nth_call_fails_as_ordered(demo: Api) -> None:
    """Only the second of three."""
    order(demo, service="network", path="/networks$", nth=2, status=503, body="down")
    assert statuses(demo, f"{NETWORK}/networks", 3) == [200, 503, 200]


def test_a_fault_may_last(demo: Api) -> None:
    """times 0: for ever."""
    order(demo, service="compute", method="GET", times=0, status=500)
    assert statuses(demo, f"{COMPUTE}/servers", 3) == [500, 500, 500]


def test_faults_of_one_service_leave_the_others_alone(demo: Api) -> None:
    """Neutron answers while Nova is down."""
    order(demo, service="compute", times=0, status=500)
    assert statuses(demo, f"{NETWORK}/networks", 1) == [200]


def test_a_connection_may_break(demo: Api) -> None:
    """reset: no answer at all."""
    order(demo, service="network", reset=True)
    with pytest.raises(ConnectionCutError):
        demo.call("GET", f"{NETWORK}/networks")


def test_faults_are_taken_away(demo: Api) -> None:
    """DELETE ends them."""
    order(demo, times=0, status=500)
    demo.delete("/sandbox/faults")
    assert (demo.get("/sandbox/faults"), statuses(demo, f"{NETWORK}/networks", 1)) == ({"faults": []}, [200])


def test_an_order_that_is_none_is_refused(demo: Api) -> None:
    """400 for an unknown key and for a pattern that is none."""
    assert [demo.post("/sandbox/faults", it).status for it in ({"nht": 1}, {"path": "("})] == [400, 400]
