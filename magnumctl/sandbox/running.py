"""A sandbox, started and stopped within this process."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from werkzeug.serving import ThreadedWSGIServer

from magnumctl.errors import SandboxError
from magnumctl.sandbox import clouds_yaml, seed
from magnumctl.sandbox.cinder.service import SERVICE as VOLUME
from magnumctl.sandbox.fabric import Fabric
from magnumctl.sandbox.glance.service import SERVICE as IMAGE
from magnumctl.sandbox.keystone.service import SERVICE as IDENTITY
from magnumctl.sandbox.neutron.service import SERVICE as NETWORK
from magnumctl.sandbox.nodes import EmulatedFabric
from magnumctl.sandbox.nova.service import SERVICE as COMPUTE
from magnumctl.sandbox.octavia.service import SERVICE as LOAD_BALANCER
from magnumctl.sandbox.server import Application, listen
from magnumctl.sandbox.store import Cloud, Pace

SERVICES = (IDENTITY, COMPUTE, NETWORK, IMAGE, VOLUME, LOAD_BALANCER)


@dataclass(frozen=True)
class Running:
    """Serves until `stop()`, or until the end of a `with`."""

    url: str
    clouds_yaml: Path
    cloud: Cloud
    _server: ThreadedWSGIServer
    _thread: threading.Thread

    def stop(self) -> None:
        clouds_yaml.remove(self.clouds_yaml, self.url)
        self._server.shutdown()
        self._server.server_close()
        self.cloud.close()

    def wait(self) -> None:
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clouds_yaml_path: Path | None = None,
    build_seconds: float = 0.3,
    fabric: Fabric | None = None,
) -> Running:
    """Port 0 takes a free one; without a fabric, nodes are emulated. Raises SandboxError when the port is taken."""
    cloud = Cloud(fabric=fabric or EmulatedFabric(), pace=Pace(build=build_seconds, step=min(0.1, build_seconds)))
    seed.plant(cloud)
    try:
        server = listen(host, port, Application(cloud, SERVICES))
    except (OSError, SystemExit) as exc:
        cloud.close()
        raise SandboxError(
            f"the sandbox cannot listen on {host}:{port}", detail=str(exc), hint="magnumctl sandbox --port 0"
        ) from exc
    url = f"http://{host}:{server.port}"
    path = clouds_yaml_path or clouds_yaml.default_path()
    clouds_yaml.write(path, url)
    thread = threading.Thread(target=server.serve_forever, name="sandbox", kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    return Running(url, path, cloud, server, thread)
