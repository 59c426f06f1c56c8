"""Faults on order: what should go wrong, where, and when.

POST /sandbox/faults {"service": "compute", "method": "POST", "path": "/servers$", "nth": 2, "times": 1,
                      "status": 503, "body": "...", "delay": 0.5, "reset": false}
Every key may be left out. `nth` counts matching calls from 1; `times` how many calls in a row fail (0: for ever).
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

from magnumctl.sandbox.wire import Call, Json, RefusedError, Reply, hex_id


@dataclass
class Fault:
    service: str = ""
    method: str = ""
    path: str = ""
    nth: int = 1
    times: int = 1
    status: int = 0
    body: Any = None
    delay: float = 0.0
    reset: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    id: str = field(default_factory=hex_id)
    calls: int = 0

    def hits(self, service: str, call: Call) -> bool:
        if self.service not in {"", service} or self.method not in {"", call.method}:
            return False
        if re.search(self.path, call.path) is None:
            return False
        self.calls += 1
        return self.calls >= self.nth and (self.times == 0 or self.calls < self.nth + self.times)


class Faults:
    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        re.compile(fault.path)
        with self._lock:
            self._rules.append(fault)

    def drop(self, fault_id: str) -> None:
        """An empty id takes them all."""
        with self._lock:
            self._rules = [rule for rule in self._rules if fault_id and rule.id != fault_id]

    def all(self) -> list[Json]:
        return [vars(rule).copy() for rule in self._rules]

    def hit(self, service: str, call: Call) -> Fault | None:
        if not self._rules:
            return None
        with self._lock:
            struck = [rule for rule in self._rules if rule.hits(service, call)]
        return struck[0] if struck else None


def answer(faults: Faults, call: Call) -> Reply:
    """The admin endpoint /sandbox/faults: GET lists, POST adds, DELETE takes all (or one, by id) away."""
    if call.method == "POST":
        return Reply(_added(faults, call.json()), 201)
    if call.method == "DELETE":
        fault_id = call.path.removeprefix("/sandbox/faults").strip("/")
        faults.drop(fault_id)
        return Reply(None, 204)
    return Reply({"faults": faults.all()})


def _added(faults: Faults, order: Json) -> Json:
    try:
        fault = Fault(**order)
        faults.add(fault)
    except (TypeError, re.error) as exc:
        raise RefusedError(400, f"not a fault: {exc}") from exc
    return vars(fault).copy()
