from __future__ import annotations

import time

from magnumctl.sandbox.nodes.docker.container import Container
from magnumctl.sandbox.nodes.docker.times import stamp
from magnumctl.sandbox.nodes.http import Json

MEMORY_BYTES = 12 * 1024 * 1024
LIMIT_BYTES = 2 * 1024**3


def stats_view(container: Container) -> Json:
    """The shape of a small idle container: there is nothing to measure."""
    now = time.time()
    busy = int((now - container.started) * 1e6) if container.running else 0
    used = {"total_usage": busy, "usage_in_kernelmode": 0, "usage_in_usermode": busy}
    cpu = {"cpu_usage": used, "system_cpu_usage": int(now * 1e9), "online_cpus": 2, "throttling_data": {}}
    memory = {"usage": MEMORY_BYTES, "limit": LIMIT_BYTES, "stats": {}} if container.running else {}
    network = {"rx_bytes": 0, "rx_packets": 0, "tx_bytes": 0, "tx_packets": 0}
    return {
        "read": stamp(now), "preread": stamp(now - 1), "name": "/" + container.name, "id": container.id, "num_procs": 0,
        "pids_stats": {"current": 1 if container.running else 0}, "blkio_stats": {}, "storage_stats": {},
        "cpu_stats": cpu, "precpu_stats": cpu, "memory_stats": memory, "networks": {"eth0": network},
    }  # fmt: skip
