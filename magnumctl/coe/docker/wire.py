"""The wall to the `docker` package: a client to one engine over mutual TLS, and its exceptions translated."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import urllib3.exceptions
from docker import APIClient
from docker.errors import APIError, DockerException
from docker.tls import TLSConfig
from docker.utils import parse_repository_tag
from requests.adapters import HTTPAdapter

from magnumctl.coe.contract import NodeAddress
from magnumctl.coe.logs import LogWish
from magnumctl.coe.tls_files import TlsFiles
from magnumctl.errors import CoeUnreachableError

from .refusal import Refused

CONNECT_SECONDS = 5.0
READ_SECONDS = 60
ANY_VERSION = "1.24"
"""Only says how to ask for the version, which every engine answers under any."""


class PromptAdapter(HTTPAdapter):
    """A node that is away is noticed in seconds, however long an answer may take."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        return super().send(request, *args, **{**options, "timeout": (CONNECT_SECONDS, options.get("timeout"))})


def connect(bay: str, node: NodeAddress, port: int, files: TlsFiles) -> APIClient:
    """A client that speaks the newest version which the engine knows."""
    with reaching(bay, node):
        version = client(node, port, files, ANY_VERSION).version(api_version=False)["ApiVersion"]
        return client(node, port, files, version)


def client(node: NodeAddress, port: int, files: TlsFiles, version: str) -> APIClient:
    host = f"[{node.address}]" if ":" in node.address else node.address
    tls = TLSConfig(client_cert=(files.certificate, files.key), ca_cert=files.ca, verify=True)
    api = APIClient(f"https://{host}:{port}", version=version, timeout=READ_SECONDS, tls=tls)
    # else REQUESTS_CA_BUNDLE, common where OpenStack has its own CA, takes the place of the bay's
    api.trust_env = False
    api.mount("https://", PromptAdapter())
    return api


def pull(api: APIClient, image: str) -> None:
    """An engine reports most failures of a pull inside a stream that began well."""
    repository, tag = parse_repository_tag(image)
    for event in api.pull(repository, tag or "latest", stream=True, decode=True):
        if "error" in event:
            raise Refused(f"the image {image} cannot be pulled", status=0, message=str(event["error"]))


def logs(api: APIClient, container_id: str, wish: LogWish) -> Iterator[bytes]:
    """As it comes over the wire: the SDK's own call would mix stdout and stderr."""
    asked: dict[str, str | int] = {"stdout": 1, "stderr": 1, "follow": int(wish.follow)}
    if wish.tail is not None:
        asked["tail"] = wish.tail
    if wish.since_seconds is not None:
        asked["since"] = f"{time.time() - wish.since_seconds:.3f}"
    url = f"{api.base_url}/v{api.api_version}/containers/{container_id}/logs"
    with api.get(url, params=asked, stream=True, timeout=None) as answer:
        if not answer.ok:
            raise Refused("the log was refused", status=answer.status_code, message=answer.json().get("message", ""))
        yield from answer.iter_content(None)


@contextmanager
def reaching(bay: str, node: NodeAddress) -> Iterator[None]:
    """An answer of the engine becomes Refused, everything else that the client raises CoeUnreachableError."""
    try:
        yield
    except APIError as exc:
        raise Refused(
            f"bay {bay}: the Docker engine of {node.name} refused",
            status=exc.status_code or 0,
            message=str(exc.explanation or exc),
        ) from exc
    except (DockerException, requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as exc:
        raise CoeUnreachableError(
            f"bay {bay}: the Docker engine of {node.name} at {node.address} does not answer",
            detail=in_words(exc),
            hint=f"magnumctl node console {node.name} --bay {bay} shows how far its boot has come",
        ) from exc


def in_words(exc: BaseException) -> str:
    """The innermost cause in one line: requests and urllib3 wrap it in the names of their own objects."""
    inner = getattr(exc, "reason", None) or next((each for each in exc.args if isinstance(each, Exception)), None)
    if isinstance(inner, Exception):
        return in_words(inner)
    text = " ".join(str(exc).split())
    return text.partition("object at 0x")[2].partition(": ")[2] or text
