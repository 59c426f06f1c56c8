from __future__ import annotations

from collections.abc import Iterator

import pytest

from magnumctl.sandbox import seed
from magnumctl.sandbox.running import SERVICES
from magnumctl.sandbox.server import Application
from magnumctl.sandbox.store import Cloud, Pace

from .api import Api, Doors
from .fabric import RecordingFabric


@pytest.fixture
def fabric() -> RecordingFabric:
    return RecordingFabric()


@pytest.fixture
def cloud(fabric: RecordingFabric) -> Iterator[Cloud]:
    cloud = Cloud(fabric=fabric, pace=Pace(build=0, step=0))
    seed.plant(cloud)
    yield cloud
    cloud.close()


@pytest.fixture
def doors(cloud: Cloud) -> Doors:
    return Doors(Application(cloud, SERVICES))


@pytest.fixture
def demo(doors: Doors) -> Api:
    return doors.enter("demo")


@pytest.fixture
def other(doors: Doors) -> Api:
    return doors.enter("other")


@pytest.fixture
def admin(doors: Doors) -> Api:
    return doors.enter("admin")
