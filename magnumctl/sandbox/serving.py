"""The sandbox in the foreground, until a signal ends it."""

from __future__ import annotations

import importlib.util
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from magnumctl.sandbox.fabric import Fabric, NullFabric
from magnumctl.sandbox.running import Running, start


def emulated_fabric() -> Fabric:
    """Nodes that act on their user-data; servers are records only where that part is not installed."""
    if importlib.util.find_spec("magnumctl.sandbox.nodes") is None:
        return NullFabric()
    from magnumctl.sandbox.nodes import EmulatedFabric  # noqa: PLC0415 - it may not be there

    fabric: Fabric = EmulatedFabric()
    return fabric


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clouds_yaml_path: Path | None = None,
    build_seconds: float = 0.3,
    fabric: Fabric | None = None,
    ready: Callable[[Running], None] = lambda _running: None,
) -> None:
    """Blocks until SIGINT or SIGTERM; `ready` is called once clients may come."""
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with start(
            host=host,
            port=port,
            clouds_yaml_path=clouds_yaml_path,
            build_seconds=build_seconds,
            fabric=fabric or emulated_fabric(),
        ) as running:
            ready(running)
            ended.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
