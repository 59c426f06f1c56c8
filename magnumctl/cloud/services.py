"""The services' REST interfaces, through the session of the caller: one request, or a listing page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keystoneauth1.session import Session

from magnumctl.errors import CloudError

from .wall import translated

Json = Mapping[str, Any]

PAGE = 500
MOST = 20_000
"""So many of one kind are more than a bay's project ever holds; a listing that goes on is cut off with an error."""

ANSWER_SECONDS = 30.0
CONNECT_RETRIES = 1
"""A service that hangs is given up after twice ANSWER_SECONDS: a minute."""

STATUS_RETRIES = 3
RETRIED = (429, 502, 503, 504)
"""Asking again helps, and every request here only reads."""

VERSIONED = re.compile(r"/v\d+(\.\d+)?(/[^/]+)?/?$")


@dataclass(frozen=True)
class Service:
    """`version` is the path that an endpoint without one in the catalog still needs."""

    name: str
    type: str
    version: str
    headers: tuple[tuple[str, str], ...] = ()


# 2.26 is the first with tags of servers. Later ones hide the flavor's id in a server and the policies in a group.
NOVA = Service(
    "Nova", "compute", "v2.1", (("OpenStack-API-Version", "compute 2.26"), ("X-OpenStack-Nova-API-Version", "2.26"))
)
NEUTRON = Service("Neutron", "network", "v2.0")
GLANCE = Service("Glance", "image", "v2")
CINDER = Service("Cinder", "block-storage", "v3")
OCTAVIA = Service("Octavia", "load-balancer", "v2")


class MissingServiceError(CloudError):
    """The catalog has no such service in this region; what it would hold does not exist."""


@dataclass(frozen=True)
class Client:
    """One service of one region."""

    service: Service
    session: Session
    region: str
    interface: str

    def get(self, path: str, deed: str, query: Json | None = None) -> Json:
        return self._ask("GET", path, deed, params=query)

    def post(self, path: str, deed: str, body: Json) -> Json:
        return self._ask("POST", path, deed, json=body)

    def listed(self, path: str, collection: str, query: Json | None = None, marker: str = "id") -> Iterator[Json]:
        """Every row. Paged by marker, not by the link that the service gives: behind a proxy it may lead elsewhere."""
        deed = f"list {collection.replace('_', ' ')}"
        asked: dict[str, Any] = {"limit": PAGE, **(query or {})}
        count = 0
        while count <= MOST:
            answer = self.get(path, deed, asked)
            rows = self._rows(answer, collection, deed)
            yield from rows
            count += len(rows)
            if not rows or not _goes_on(answer, collection):
                return
            asked["marker"] = rows[-1][marker]
        raise CloudError(f"{self.service.name} lists more than {MOST} {collection}", hint="use a project of its own")

    def _rows(self, answer: Json, collection: str, deed: str) -> list[Json]:
        rows = answer.get(collection)
        if not isinstance(rows, list):
            raise CloudError(
                f"{self.service.name} gave no {collection}", detail=f"asked to {deed}", hint="magnumctl doctor"
            )
        return rows

    def _ask(self, method: str, path: str, deed: str, **content: Any) -> Json:
        with translated(self.service.name, deed):
            answer = self.session.request(
                f"{self._base()}{path}",
                method,
                headers={"Accept": "application/json", **dict(self.service.headers)},
                timeout=ANSWER_SECONDS,
                connect_retries=CONNECT_RETRIES,
                status_code_retries=STATUS_RETRIES,
                retriable_status_codes=list(RETRIED),
                **content,
            ).json()
        if not isinstance(answer, dict):
            raise CloudError(f"{self.service.name} did not answer in JSON", detail=f"asked to {deed}")
        return answer

    def _base(self) -> str:
        with translated(self.service.name, "be found"):
            endpoint = self.session.get_endpoint(
                service_type=self.service.type,
                region_name=self.region or None,
                interface=self.interface,
                skip_discovery=True,
            )
        if not endpoint:
            raise MissingServiceError(f"this cloud has no {self.service.name} in the region {self.region}")
        base = str(endpoint).rstrip("/")
        return base if VERSIONED.search(base) else f"{base}/{self.service.version}"


def _goes_on(answer: Json, collection: str) -> bool:
    links = answer.get(f"{collection}_links", [])
    return any(link.get("rel") == "next" for link in links)
