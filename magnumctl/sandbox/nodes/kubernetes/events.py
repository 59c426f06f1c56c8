"""Kubernetes events: what controllers, the scheduler and kubelets say about objects."""

from __future__ import annotations

import secrets

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import name_of, namespace_of, new_uid, now, uid_of
from magnumctl.sandbox.nodes.kubernetes.store import Store

EVENT = find_built_in("Event")
MOST = 400
"""Events age away on a real cluster within an hour; here the oldest go first."""


class Events:
    def __init__(self, store: Store) -> None:
        self._store = store

    def say(self, about: Json, component: str, reason: str, message: str, warning: bool = False) -> None:
        """Said again, the same is counted."""
        with self._store.lock:
            held = self._store.peek(EVENT, namespace_of(about) or "default")
            again = next((each for each in held if _same(each, about, reason, message)), None)
            if again:
                self._count(again)
                return
            if len(held) >= MOST:
                oldest = min(held, key=lambda each: str(each["lastTimestamp"]))
                self._store.remove(EVENT, namespace_of(oldest), name_of(oldest))
            self._store.add(EVENT, _event(about, component, reason, message, "Warning" if warning else "Normal"))

    def _count(self, event: Json) -> None:
        held = self._store.get(EVENT, namespace_of(event), name_of(event))
        self._store.put(EVENT, held | {"count": held["count"] + 1, "lastTimestamp": now()})


def _same(event: Json, about: Json, reason: str, message: str) -> bool:
    return event["involvedObject"].get("uid") == uid_of(about) and (event["reason"], event["message"]) == (
        reason,
        message,
    )


def _event(about: Json, component: str, reason: str, message: str, type_: str) -> Json:
    namespace = namespace_of(about) or "default"
    metadata = {"name": f"{name_of(about)}.{secrets.token_hex(8)}", "namespace": namespace, "uid": new_uid()}
    who = {"kind": about["kind"], "apiVersion": about["apiVersion"], "name": name_of(about), "uid": uid_of(about)}
    return {
        "apiVersion": "v1", "kind": "Event", "metadata": metadata | {"creationTimestamp": now()},
        "involvedObject": who | {"namespace": namespace_of(about)}, "reason": reason, "message": message, "type": type_,
        "source": {"component": component}, "firstTimestamp": now(), "lastTimestamp": now(), "count": 1,
        "reportingComponent": component, "reportingInstance": "",
    }  # fmt: skip
