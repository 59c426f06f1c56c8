"""Nodes of a Kubernetes bay, by their names within the bay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from magnumctl.coe.contract import NodeStatus

from .conditions import condition
from .transport import Transport

Json = Mapping[str, Any]
STATUS_SECONDS = 10.0


@dataclass(frozen=True)
class Member:
    """A node as Kubernetes knows it; `name` is the server's."""

    name: str
    is_ready: bool
    is_cordoned: bool


def members(api: Transport) -> tuple[Member, ...]:
    return tuple(member(body) for body in api.get("/api/v1/nodes").get("items") or ())


def member(body: Json) -> Member:
    ready = condition(body, "Ready").status == "True"
    return Member(body["metadata"]["name"], ready, bool(body["spec"].get("unschedulable")))


def node_statuses(api: Transport) -> tuple[NodeStatus, ...]:
    items = api.get("/api/v1/nodes", read_seconds=STATUS_SECONDS).get("items") or ()
    return tuple(sorted((node_status(api.bay, body) for body in items), key=lambda node: node.name))


def node_status(bay: str, body: Json) -> NodeStatus:
    """A node whose kubelet went silent is Unknown to Kubernetes: unreachable."""
    name, ready = name_in_bay(bay, body["metadata"]["name"]), condition(body, "Ready")
    if ready.status == "True":
        return NodeStatus(name, "ready", "cordoned" if body["spec"].get("unschedulable") else "")
    if ready.status == "False":
        return NodeStatus(name, "not_ready", ready.message)
    return NodeStatus(name, "unreachable" if ready.reason else "not_ready", ready.message or "has not reported yet")


def name_in_bay(bay: str, name: str) -> str:
    return name.removeprefix(f"{bay}-")
