"""One node of a Kubernetes bay in full."""

from __future__ import annotations

from urllib.parse import quote

from magnumctl.coe.node_detail import NodeDetail

from .nodes import node_status
from .refusal import Refused
from .transport import Transport


def node_detail(api: Transport, name: str) -> NodeDetail | None:
    """None for a node that has not joined, or no longer is one of the bay's."""
    known_as = quote(f"{api.bay}-{name}")
    try:
        body = api.get(f"/api/v1/nodes/{known_as}")
    except Refused as exc:
        if exc.kind == "missing":
            return None
        raise
    status = node_status(api.bay, body)
    pods = api.get(f"/api/v1/pods?fieldSelector=spec.nodeName%3D{known_as}").get("items") or ()
    return NodeDetail(
        state=status.state,
        message=status.message,
        version=str(((body.get("status") or {}).get("nodeInfo") or {}).get("kubeletVersion", "")),
        runs=len(pods),
        labels=body["metadata"].get("labels") or {},
    )
