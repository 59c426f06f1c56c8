"""The sandbox's APIs without a network: the WSGI application, called in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from werkzeug.test import Client

from magnumctl.sandbox.server import Application

Seen = TypeVar("Seen")
NETWORK = "/network/v2.0"
COMPUTE = "/compute/v2.1"
IMAGE = "/image/v2"
BALANCER = "/load-balancer/v2.0/lbaas"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


def eventually(look: Callable[[], Seen], wanted: Callable[[Seen], bool]) -> Seen:
    """What `look` sees once it is as wanted, or after two seconds."""
    end = time.monotonic() + 2
    while not wanted(seen := look()) and time.monotonic() < end:
        time.sleep(0.002)
    return seen


class Doors:
    def __init__(self, application: Application) -> None:
        self.client = Client(application)

    def token(self, identity: dict[str, Any], scope: dict[str, Any] | None = None) -> Any:
        auth = {"identity": identity} | ({"scope": scope} if scope else {})
        return self.client.post("/identity/v3/auth/tokens", json={"auth": auth})

    def password(self, user: str, project: str, password: str = "sandbox") -> Any:
        who = {"name": user, "domain": {"id": "default"}, "password": password}
        scope = {"project": {"name": project, "domain": {"id": "default"}}}
        return self.token({"methods": ["password"], "password": {"user": who}}, scope)

    def enter(self, name: str, project: str = "") -> Api:
        answer = self.password(name, project or name)
        return Api(self.client, answer.headers["X-Subject-Token"], answer.json["token"])


class Api:
    def __init__(self, client: Client, secret: str, token: dict[str, Any]) -> None:
        self.client, self.secret = client, secret
        self.project_id: str = token["project"]["id"] if "project" in token else ""
        self.user_id: str = token["user"]["id"]

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        answer = self.client.open(
            path, method=method, json=body, headers={"X-Auth-Token": self.secret, **(headers or {})}
        )
        return Answer(answer.status_code, answer.json if answer.is_json and answer.data else answer.text)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, None, headers).body

    def post(self, path: str, body: Any, version: str = "2.64") -> Answer:
        return self.call("POST", path, body, {"OpenStack-API-Version": f"compute {version}"})

    def put(self, path: str, body: Any) -> Answer:
        return self.call("PUT", path, body)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def image(self, name: str = "debian-12-docker") -> str:
        return str(self.get(f"{IMAGE}/images?name={name}")["images"][0]["id"])

    def public(self) -> str:
        return str(self.get(f"{NETWORK}/networks?name=public")["networks"][0]["id"])

    def network(self, cidr: str = "10.0.0.0/24") -> tuple[str, str]:
        network = self.post(f"{NETWORK}/networks", {"network": {"name": "n"}}).body["network"]["id"]
        wish = {"network_id": network, "cidr": cidr, "ip_version": 4}
        return network, self.post(f"{NETWORK}/subnets", {"subnet": wish}).body["subnet"]["id"]

    def router(self, subnet: str) -> str:
        wish = {"name": "r", "external_gateway_info": {"network_id": self.public()}}
        router = str(self.post(f"{NETWORK}/routers", {"router": wish}).body["router"]["id"])
        self.put(f"{NETWORK}/routers/{router}/add_router_interface", {"subnet_id": subnet})
        return router

    def port(self, network: str) -> dict[str, Any]:
        return dict(self.post(f"{NETWORK}/ports", {"port": {"network_id": network}}).body["port"])

    def floating_ip(self, port: str | None = None) -> Answer:
        wish = {"floating_network_id": self.public(), "port_id": port}
        return self.post(f"{NETWORK}/floatingips", {"floatingip": wish})

    def ask_server(self, network: str, **wish: Any) -> Answer:
        base = {"name": "web", "flavorRef": "1", "imageRef": self.image(), "networks": [{"uuid": network}]}
        hints = wish.pop("hints", None)
        body: dict[str, Any] = {"server": base | wish} | ({"os:scheduler_hints": hints} if hints else {})
        return self.post(f"{COMPUTE}/servers", body)

    def server(self, network: str, **wish: Any) -> dict[str, Any]:
        """A server that is built, or has failed to be."""
        return self.await_server(self.ask_server(network, **wish).body["server"]["id"], "ACTIVE", "ERROR")

    def await_server(self, server: str, *states: str) -> dict[str, Any]:
        def look() -> dict[str, Any]:
            return dict(self.get(f"{COMPUTE}/servers/{server}")["server"])

        return eventually(look, lambda seen: seen["status"] in states and not seen["OS-EXT-STS:task_state"])

    def await_gone(self, path: str) -> int:
        return eventually(lambda: self.call("GET", path).status, lambda status: status == 404)

    def balancer(self, subnet: str) -> str:
        body = {"loadbalancer": {"name": "api", "vip_subnet_id": subnet}}
        return str(self.post(f"{BALANCER}/loadbalancers", body).body["loadbalancer"]["id"])

    def await_balancer(self, balancer: str) -> dict[str, Any]:
        def look() -> dict[str, Any]:
            return dict(self.get(f"{BALANCER}/loadbalancers/{balancer}")["loadbalancer"])

        return eventually(look, lambda seen: seen["provisioning_status"] == "ACTIVE")
