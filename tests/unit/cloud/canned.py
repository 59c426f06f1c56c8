"""A cloud of canned answers: a real keystoneauth1 session whose transport never reaches a network."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from keystoneauth1.plugin import BaseAuthPlugin
from keystoneauth1.session import Session
from requests.adapters import BaseAdapter

from magnumctl.cloud import Cloud

Query = dict[str, str]
Answer = Callable[[Query], tuple[int, Any]]
ENDPOINTS = {
    "compute": "https://nova.example/v2.1",
    "network": "https://neutron.example",
    "block-storage": "https://cinder.example/v3/p1",
    "load-balancer": "https://octavia.example/",
}


class Transport(BaseAdapter):
    """Answers by path; notes what was asked."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        super().__init__()
        self.answers = answers
        self.asked: list[str] = []

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        self.asked.append(f"{parts.hostname}{parts.path}")
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        missing: Answer = lambda _: (404, {"error": {"message": "no such thing"}})  # noqa: E731
        status, body = self.answers.get(parts.path, missing)(query)
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = status, str(request.url), request
        answer.headers["Content-Type"] = "application/json"
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer.raw = BytesIO(text)
        return answer

    def close(self) -> None:
        pass


class Credential(BaseAuthPlugin):
    """A token of project p1, and the endpoints of a catalog."""

    def __init__(self, endpoints: dict[str, str]) -> None:
        super().__init__()
        self.endpoints = endpoints

    def get_token(self, session: Session, **_: Any) -> str:
        return "token"

    def get_project_id(self, session: Session, **_: Any) -> str:
        return "p1"

    def get_endpoint(self, session: Session, service_type: str = "", **_: Any) -> str | None:
        return self.endpoints.get(service_type)


def canned(answers: dict[str, Answer], endpoints: dict[str, str] = ENDPOINTS) -> tuple[Cloud, Transport]:
    transport, http = Transport(answers), requests.Session()
    http.mount("https://", transport)
    return Cloud(Session(auth=Credential(endpoints), session=http), "north"), transport


def always(body: Any, status: int = 200) -> Answer:
    return lambda _: (status, body)
