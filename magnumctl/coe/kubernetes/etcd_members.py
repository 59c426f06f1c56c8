"""The members of etcd, asked through etcd's own HTTP gateway: an image of etcd need not hold etcdctl for it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from socket import socket
from typing import Any

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from magnumctl.coe.contract import ClientTls, Report
from magnumctl.coe.tls_files import TlsFiles
from magnumctl.errors import CoeError

PORT = 2379
SERVER_NAME = "localhost"
"""kubeadm has etcd serve under this name too, and that is where a forwarded connection arrives."""
ANSWER_SECONDS = 20.0
PATIENCE_SECONDS = 45.0
"""For an election, which a member that leads and goes causes."""


class EtcdRefusedError(CoeError):
    """etcd does not answer, or says no; in a moment it may say yes."""


@dataclass(frozen=True)
class EtcdMember:
    """Without a name until it has started for the first time."""

    id: str
    name: str


class Etcd:
    """`connect` opens a connection to a member; `tls` is signed by etcd's own authority."""

    def __init__(self, bay: str, connect: Callable[[], socket], tls: ClientTls) -> None:
        self._bay = bay
        self._connect = connect
        self._files = TlsFiles(tls)

    def members(self) -> tuple[EtcdMember, ...]:
        found = self._ask("list", {}).get("members") or ()
        return tuple(EtcdMember(str(each["ID"]), str(each.get("name") or "")) for each in found)

    def remove(self, member: EtcdMember) -> None:
        self._ask("remove", {"ID": member.id})

    def _ask(self, deed: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            status, content = self._exchange(f"/v3/cluster/member/{deed}", json.dumps(body).encode())
            answer: dict[str, Any] = dict(json.loads(content))
        except (OSError, HTTPException, ValueError) as exc:
            raise self._refused(deed, str(exc) or type(exc).__name__) from exc
        if status != HTTPStatus.OK:
            raise self._refused(deed, str(answer.get("message") or answer))
        return answer

    def _exchange(self, path: str, body: bytes) -> tuple[int, bytes]:
        context = ssl.create_default_context(cafile=self._files.ca)
        context.load_cert_chain(self._files.certificate, self._files.key)
        plain = self._connect()
        plain.settimeout(ANSWER_SECONDS)
        with context.wrap_socket(plain, server_hostname=SERVER_NAME) as secured:
            connection = HTTPConnection(SERVER_NAME)
            connection.sock = secured
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            status, content = answer.status, answer.read()
            with suppress(OSError):  # who forwards the connection complains of one that ends with words unread
                secured.unwrap()
            return status, content

    def _refused(self, deed: str, detail: str) -> EtcdRefusedError:
        return EtcdRefusedError(
            f"bay {self._bay}: etcd refused to {deed} members", detail=detail, hint="run the same command again"
        )


def remove_members(etcd: Etcd, names: Collection[str], report: Report) -> None:
    """Whichever of these are members; one after another, for each removal needs the consent of the others."""
    for member in patiently(etcd.members):
        if member.name in names:
            patiently(lambda leaving=member: etcd.remove(leaving))  # type: ignore[misc]
            report(f"etcd has forgotten {member.name}")


def patiently(work: Callable[[], Any]) -> Any:
    return Retrying(
        retry=retry_if_exception_type(EtcdRefusedError),
        stop=stop_after_delay(PATIENCE_SECONDS),
        wait=wait_fixed(1.0),
        reraise=True,
    )(work)
