"""Servers of the cloud, looked up and lost behind magnumctl's back."""

from __future__ import annotations

from keystoneauth1.session import Session

from magnumctl.identity import connect
from tests.conftest import CloudUnderTest

from .tools import until

COMPUTE = {"service_type": "compute"}


def session_of(cloud: CloudUnderTest) -> Session:
    return connect(cloud.name, cloud.environ).session


def server_of(cloud: CloudUnderTest, name: str) -> str:
    """The id of the one server of this name."""
    (found,) = _servers(session_of(cloud), name)
    return found


def lose(cloud: CloudUnderTest, name: str) -> None:
    """Deletes a server, and waits until it is gone."""
    session = session_of(cloud)
    session.delete(f"/servers/{server_of(cloud, name)}", endpoint_filter=COMPUTE)
    until(lambda: not _servers(session, name), 60, f"{name} is gone")


def network_of(cloud: CloudUnderTest, name: str) -> str:
    answer = session_of(cloud).get(f"/v2.0/networks?name={name}", endpoint_filter={"service_type": "network"})
    (found,) = answer.json()["networks"]
    return str(found["id"])


def _servers(session: Session, name: str) -> list[str]:
    answer = session.get(f"/servers?name=^{name}$", endpoint_filter=COMPUTE)
    return [str(server["id"]) for server in answer.json()["servers"]]
