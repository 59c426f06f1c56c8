"""The sandbox in the foreground, until a signal ends it."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from magnumctl.sandbox.fabric import Fabric
from magnumctl.sandbox.running import Running, start


def announce(running: Running) -> None:
    sys.stderr.write(f"sandbox ready at {running.url}, OS_CLIENT_CONFIG_FILE={running.clouds_yaml} OS_CLOUD=sandbox\n")
    sys.stderr.flush()


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clouds_yaml_path: Path | None = None,
    build_seconds: float = 0.3,
    fabric: Fabric | None = None,
    ready: Callable[[Running], None] = announce,
) -> None:
    """Blocks until SIGINT or SIGTERM; `ready` is called once clients may come."""
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with start(
            host=host, port=port, clouds_yaml_path=clouds_yaml_path, build_seconds=build_seconds, fabric=fabric
        ) as running:
            ready(running)
            ended.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
