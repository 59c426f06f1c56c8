"""Everything the cloud knows, under one lock, and the two threads that make it move."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from magnumctl.sandbox.cinder.records import CinderRecords
from magnumctl.sandbox.clock import Clock
from magnumctl.sandbox.fabric import Fabric, NullFabric
from magnumctl.sandbox.faults import Faults
from magnumctl.sandbox.glance.records import GlanceRecords
from magnumctl.sandbox.keystone.records import KeystoneRecords
from magnumctl.sandbox.neutron.records import NeutronRecords
from magnumctl.sandbox.nova.records import NovaRecords
from magnumctl.sandbox.octavia.records import OctaviaRecords


@dataclass(frozen=True)
class Pace:
    """Seconds that things take."""

    build: float = 0.3
    step: float = 0.1
    """A reboot, a stop, an update of a load balancer."""


@dataclass
class Cloud:
    fabric: Fabric = field(default_factory=NullFabric)
    pace: Pace = field(default_factory=Pace)
    keystone: KeystoneRecords = field(default_factory=KeystoneRecords)
    nova: NovaRecords = field(default_factory=NovaRecords)
    neutron: NeutronRecords = field(default_factory=NeutronRecords)
    glance: GlanceRecords = field(default_factory=GlanceRecords)
    cinder: CinderRecords = field(default_factory=CinderRecords)
    octavia: OctaviaRecords = field(default_factory=OctaviaRecords)
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)
    changes: Clock = field(default_factory=lambda: Clock("sandbox-changes"))
    line: Clock = field(default_factory=lambda: Clock("sandbox-fabric"))

    def later(self, seconds: float, deed: Callable[[], None]) -> None:
        """Do `deed` to the records, after a while."""

        def locked() -> None:
            with self.lock:
                deed()

        self.changes.after(seconds, locked)

    def tell(self, deed: Callable[[], None]) -> None:
        """Tell the fabric, after all it was told before and outside of the lock."""
        self.line.soon(deed)

    def close(self) -> None:
        self.changes.close()
        self.line.close()
        self.fabric.close()
