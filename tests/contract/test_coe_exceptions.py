"""Whatever the engines' SDKs raise leaves the wall as an error that names the bay."""

from __future__ import annotations

import http.client
import inspect
import ssl

import docker.errors
import kubernetes.client.exceptions
import pytest
import requests
import urllib3.exceptions

from magnumctl.coe.contract import NodeAddress
from magnumctl.coe.docker.refusal import Refused as DockerRefused
from magnumctl.coe.docker.wire import reaching as reaching_docker
from magnumctl.coe.kubernetes.refusal import refusal
from magnumctl.coe.kubernetes.wire import reaching as reaching_kubernetes
from magnumctl.errors import CoeError, CoeUnreachableError

NODE = NodeAddress("workers-0", "203.0.113.9")
SYSTEM = [ConnectionResetError("reset by peer"), TimeoutError("timed out"), ssl.SSLError(1, "handshake failure")]


def raised_by(module: object, base: type[Exception]) -> list[type[Exception]]:
    """Every exception class of an SDK's module."""
    found = [each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, base)]
    assert found
    return [each for each in found if each is not base]


class Words(str):
    """Text that also passes for the response or name which some constructors take apart."""

    __slots__ = ()
    status_code = 500
    length_remaining = 0
    text = "said"
    url = reason = "said"

    def tell(self) -> int:
        return 0


OF_THEIR_OWN: dict[type[Exception], Exception] = {
    urllib3.exceptions.IncompleteRead: urllib3.exceptions.IncompleteRead(1, 2),
    requests.exceptions.JSONDecodeError: requests.exceptions.JSONDecodeError("said", "the server", 0),
}


def constructed(kind: type[Exception]) -> Exception:
    """With as many arguments as its constructor asks for."""
    if kind in OF_THEIR_OWN:
        return OF_THEIR_OWN[kind]
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    asked = [each for each in parameters if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD]
    return kind(*[Words("said") for _ in asked or "x"])


@pytest.mark.parametrize(
    "kind",
    [
        *raised_by(kubernetes.client.exceptions, kubernetes.client.exceptions.OpenApiException),
        *raised_by(urllib3.exceptions, urllib3.exceptions.HTTPError),
    ],
)
def test_what_the_kubernetes_client_raises_is_translated(kind: type[Exception]) -> None:
    """The API server did not answer, or not as it should."""
    with pytest.raises(CoeUnreachableError) as translated, reaching_kubernetes("web", "https://203.0.113.9:6443"):
        raise constructed(kind)
    assert translated.value.summary == "bay web: the Kubernetes API at https://203.0.113.9:6443 does not answer"


@pytest.mark.parametrize(
    "kind",
    [
        *raised_by(docker.errors, docker.errors.DockerException),
        *raised_by(requests.exceptions, requests.exceptions.RequestException),
        *raised_by(urllib3.exceptions, urllib3.exceptions.HTTPError),
    ],
)
def test_what_the_docker_client_raises_is_translated(kind: type[Exception]) -> None:
    """Every error names the bay and the node."""
    with pytest.raises(CoeError) as translated, reaching_docker("edge", NODE):
        raise constructed(kind)
    assert translated.value.summary.startswith("bay edge: the Docker engine of workers-0")


@pytest.mark.parametrize("exc", [*SYSTEM, http.client.IncompleteRead(b"")], ids=lambda exc: type(exc).__name__)
def test_what_the_system_raises_is_translated(exc: Exception) -> None:
    """Sockets and TLS fail below the SDKs."""
    wrapped = exc if isinstance(exc, OSError) else urllib3.exceptions.ProtocolError("broken", exc)
    with pytest.raises(CoeUnreachableError), reaching_kubernetes("web", "https://203.0.113.9:6443"):
        raise wrapped
    with pytest.raises(CoeUnreachableError), reaching_docker("edge", NODE):
        raise wrapped


def test_an_answer_of_a_docker_engine_is_a_refusal_with_its_words() -> None:
    """The engine's explanation and the HTTP code are kept."""
    response = requests.Response()
    response.status_code = 409
    with pytest.raises(DockerRefused) as refused, reaching_docker("edge", NODE):
        raise docker.errors.APIError("409 Client Error", response=response, explanation="name is in use")
    assert (refused.value.status, refused.value.detail) == (409, "name is in use")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, b'{"message": "pods \\"x\\" not found"}', "missing"),
        (409, b'{"details": {"causes": [{"reason": "FieldManagerConflict"}]}}', "conflict"),
        (422, b'{"message": "spec.selector: field is immutable"}', "immutable"),
        (422, b'{"message": "spec.replicas: must be positive"}', "other"),
        (429, b"", "passing"),
        (503, b"<html>busy</html>", "passing"),
        (500, b'{"message": "etcdserver: leader changed"}', "passing"),
        (500, b'{"message": "failed to create typed patch object (x): .a: field not declared"}', "other"),
        (403, b'{"message": "looking up service account: serviceaccount \\"default\\" not found"}', "passing"),
        (403, b'{"message": "User \\"x\\" cannot patch"}', "other"),
        (401, b"[]", "other"),
    ],
)  # fmt: skip
def test_a_refusal_of_kubernetes_is_understood(status: int, body: bytes, kind: str) -> None:
    """What the server says decides whether to try again, to replace, or to give up."""
    assert refusal("web", status, body).kind == kind
