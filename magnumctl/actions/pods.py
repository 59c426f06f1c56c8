"""One pod of the blueprint, or one of a set: shown, heard, spoken to, deleted."""

from __future__ import annotations

from dataclasses import asdict

from magnumctl.coe.details import PodDetail, PodInstance
from magnumctl.coe.logs import Logs, LogWish
from magnumctl.coe.sessions import ExecWish, Session

from .clients import Clients
from .deeds import deed_report
from .named import Named, kubernetes_of
from .workload_reports import ContainerStateRow, DeedReport, EventRow, PodInstanceRow, PodReport, PodRow


def show_pod(clients: Clients, pod: Named) -> PodReport:
    detail = kubernetes_of(clients, pod.record).pods.show(pod.name)
    return PodReport(cloud=clients.identity.cloud, pod=_row(pod, detail))


def pod_logs(clients: Clients, pod: Named, wish: LogWish) -> Logs:
    return kubernetes_of(clients, pod.record).pods.logs(pod.name, wish)


def pod_exec(clients: Clients, pod: Named, wish: ExecWish) -> Session:
    return kubernetes_of(clients, pod.record).pods.exec(pod.name, wish)


def delete_pod(clients: Clients, pod: Named) -> DeedReport:
    return deed_report(clients, pod, "delete", kubernetes_of(clients, pod.record).pods.delete(pod.name))


def _row(pod: Named, detail: PodDetail) -> PodRow:
    return PodRow(
        name=pod.name,
        bay=pod.record.name,
        namespace=detail.namespace,
        status=detail.status.state,
        message=detail.status.message,
        image=detail.status.image,
        objects=detail.objects,
        pods=tuple(_instance(each) for each in detail.pods),
        events=tuple(EventRow(**asdict(each)) for each in detail.events),
    )


def _instance(pod: PodInstance) -> PodInstanceRow:
    return PodInstanceRow(
        name=pod.name,
        status=pod.state,
        message=pod.message,
        node=pod.node,
        address=pod.address,
        started_at=pod.started_at,
        containers=tuple(ContainerStateRow(**asdict(each)) for each in pod.containers),
    )
