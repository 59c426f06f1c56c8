"""What people do to a bay behind magnumctl's back, with the cloud's own APIs and Docker's."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from dataclasses import dataclass
from typing import Any

import urllib3
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

    def delete_server(self, name: str) -> None:
        identifier = self.named("servers", name)
        self.ask("DELETE", f"/servers/{identifier}")
        end = time.monotonic() + 30
        while any(row["id"] == identifier for row in self.ask("GET", "/servers")["servers"]):
            assert time.monotonic() < end
            time.sleep(0.1)

    def delete_port(self, name: str) -> None:
        self.ask("DELETE", f"/ports/{self.named('ports', name)}")

    def delete_floating_ip(self, port: str) -> None:
        identifier = self.named("ports", port)
        rows = self.ask("GET", "/floatingips")["floatingips"]
        self.ask("DELETE", f"/floatingips/{next(row['id'] for row in rows if row['port_id'] == identifier)}")

    def delete_rules(self, group: str) -> None:
        identifier = self.named("security-groups", group)
        rows = self.ask("GET", f"/security-group-rules?security_group_id={identifier}")["security_group_rules"]
        for row in rows:
            if row["direction"] == "ingress":
                self.close(row["id"])

    def delete_router_interface(self, bay: str) -> None:
        """No floating IP may lead through it any more."""
        router, subnet = self.named("routers", bay), self.named("subnets", bay)
        for row in self.ask("GET", "/floatingips")["floatingips"]:
            if row["router_id"] == router:
                self.ask("DELETE", f"/floatingips/{row['id']}")
        self.ask("PUT", f"/routers/{router}/remove_router_interface", {"subnet_id": subnet})


@dataclass(frozen=True)
class Kubectl:
    magnumctl: Magnumctl
    bay: str

    def patch(self, path: str, body: object) -> None:
        answer = self._ask("PATCH", f"{path}?fieldManager=by-hand", body)
        assert answer.status == 200, answer.data

    def delete(self, path: str) -> None:
        assert self._ask("DELETE", path).status in {200, 202}

    def _ask(self, method: str, path: str, body: object = None) -> urllib3.BaseHTTPResponse:
        config = json.loads(self.magnumctl.must("bay", "kubeconfig", self.bay).stdout)
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        pem = self.magnumctl.folder / "by-hand.pem"
        pem.write_bytes(decoded(user["client-certificate-data"]) + decoded(user["client-key-data"]))
        pool = urllib3.PoolManager(
            ca_cert_data=decoded(cluster["certificate-authority-data"]).decode(),
            cert_file=str(pem),
            server_hostname=cluster["tls-server-name"],
        )
        headers = {"Content-Type": "application/merge-patch+json"}
        return pool.request(method, cluster["server"] + path, body=json.dumps(body), headers=headers)


def decoded(text: str) -> bytes:
    return base64.b64decode(text)
