"""Nodes leave the bay: emptied, then forgotten by Kubernetes, and by etcd when they held a part of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from magnumctl.coe.contract import ClientTls, LeavingNode, Report
from magnumctl.errors import NotReadyError

from .drain import Drain, drain
from .etcd_members import PORT, Etcd, remove_members
from .nodes import Member, members, name_in_bay
from .refusal import Refused
from .transport import Transport

PODS = "/api/v1/namespaces/kube-system/pods"
ETCD = "component%3Detcd"


def retire(work: Drain, etcd_tls: ClientTls, leaving: Sequence[LeavingNode]) -> None:
    """A node that is lost or silent is not emptied: Kubernetes moves its pods once it is forgotten.

    etcd comes last. The API server of a control plane that etcd has forgotten fails, and a load balancer may lead
    the next request to it.
    """
    api, report = work.api, work.report
    known = members(api)
    going = [member for member in known if member.name in {f"{api.bay}-{node.name}" for node in leaving}]
    holders = {f"{api.bay}-{node.name}" for node in leaving if node.role == "control_plane"}
    etcds = etcds_that_stay(api, [each for each in known if each not in going], holders)
    lost = {f"{api.bay}-{node.name}" for node in leaving if node.is_lost}
    drain(work, [member for member in going if member.is_ready and member.name not in lost])
    for member in going:
        forget(api, member, report)
    if etcds:
        connect = partial(api.forward, f"{PODS}/{etcds[0]}/portforward", PORT)
        remove_members(Etcd(api.bay, connect, etcd_tls), holders, report)


def forget(api: Transport, member: Member, report: Report) -> None:
    try:
        api.delete(f"/api/v1/nodes/{member.name}", {"apiVersion": "v1", "kind": "DeleteOptions"})
    except Refused as exc:
        if exc.kind != "missing":
            raise
    report(f"node {name_in_bay(api.bay, member.name)}: is no longer of the bay")


def etcds_that_stay(api: Transport, staying: Sequence[Member], holders: Collection[str]) -> list[str]:
    """The pods of etcd that can say who is a member; none when no control plane goes, or etcd is not in the bay."""
    if not holders:
        return []
    pods = api.get(f"{PODS}?labelSelector={ETCD}").get("items") or ()
    able = {member.name for member in staying if member.is_ready}
    found = [pod["metadata"]["name"] for pod in pods if pod["spec"].get("nodeName") in able]
    if pods and not found:
        raise NotReadyError(
            f"bay {api.bay}: no other control plane is ready",
            detail=f"{', '.join(sorted(holders))} cannot go: what the bay knows would go with it",
            hint=f"magnumctl node list --bay {api.bay}",
        )
    return found
