"""What people do to a bay behind magnumctl's back, with the cloud's own APIs and Docker's."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from typing import Any

from keystoneauth1.session import Session

from .command import Magnumctl

SERVICES = {"servers": ("compute", "v2.1"), "flavors": ("compute", "v2.1")}


@dataclass(frozen=True)
class ByHand:
    session: Session

    def ask(self, method: str, path: str, body: object = None) -> Any:
        collection = path.strip("/").partition("/")[0].partition("?")[0]
        kind, version = SERVICES.get(collection, ("network", "v2.0"))
        base = self.session.get_endpoint(service_type=kind, skip_discovery=True).rstrip("/")
        url = base if f"/{version}" in base else f"{base}/{version}"
        answer = self.session.request(f"{url}{path}", method, json=body, headers={"Accept": "application/json"})
        return answer.json() if answer.text else {}

    def named(self, collection: str, name: str) -> str:
        rows = self.ask("GET", f"/{collection}")[collection.replace("-", "_")]
        return next(row["id"] for row in rows if row["name"] == name)

    def resize(self, server: str, flavor: str) -> None:
        identifier = self.named("servers", server)
        self.ask("POST", f"/servers/{identifier}/action", {"resize": {"flavorRef": self.named("flavors", flavor)}})
        self.until(identifier, "VERIFY_RESIZE")
        self.ask("POST", f"/servers/{identifier}/action", {"confirmResize": None})
        self.until(identifier, "ACTIVE")

    def until(self, server: str, status: str) -> None:
        end = time.monotonic() + 30
        while self.ask("GET", f"/servers/{server}")["server"]["status"] != status:
            assert time.monotonic() < end
            time.sleep(0.1)

    def open_port(self, group: str, port: int) -> str:
        rule = {
            "security_group_id": self.named("security-groups", group),
            "direction": "ingress",
            "ethertype": "IPv4",
            "protocol": "tcp",
            "port_range_min": port,
            "port_range_max": port,
            "remote_ip_prefix": "0.0.0.0/0",
        }
        return self.ask("POST", "/security-group-rules", {"security_group_rule": rule})["security_group_rule"]["id"]

    def close(self, rule: str) -> None:
        self.ask("DELETE", f"/security-group-rules/{rule}")

    def remove_container(self, magnumctl: Magnumctl, name: str) -> None:
        node = next(row["node"] for row in magnumctl.report("container", "list")["containers"] if row["name"] == name)
        exports = magnumctl.must("bay", "docker-env", "edge", "--node", node).stdout.splitlines()
        variables = dict(line.removeprefix("export ").split("=", 1) for line in exports)
        environ = {**os.environ, **variables}
        subprocess.run(["docker", "rm", "--force", name], env=environ, check=True, capture_output=True, timeout=30)
