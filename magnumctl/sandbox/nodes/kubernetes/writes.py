"""Create, update, patch and delete, as an API server does them: admitted, completed, validated, stored."""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.allocation import ServiceAddresses
from magnumctl.sandbox.nodes.kubernetes.apply import applied
from magnumctl.sandbox.nodes.kubernetes.defaults import complete, drop_nulls
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError, bad_request, forbidden, not_found, stale
from magnumctl.sandbox.nodes.kubernetes.immutability import check_change
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind, find_built_in
from magnumctl.sandbox.nodes.kubernetes.managers import same, updated
from magnumctl.sandbox.nodes.kubernetes.objects import at, is_going, name_of, namespace_of, new_uid, now, uid_of
from magnumctl.sandbox.nodes.kubernetes.patches import (
    APPLY,
    JSON_PATCH,
    MERGE,
    STRATEGIC,
    json_patched,
    merge_patched,
    strategic_patched,
)
from magnumctl.sandbox.nodes.kubernetes.shapes import faults
from magnumctl.sandbox.nodes.kubernetes.store import Store
from magnumctl.sandbox.nodes.kubernetes.validation import check

NAMESPACE = find_built_in("Namespace")
SERVER_OWNED = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink")
FINALIZED = {"Foreground": "foregroundDeletion", "Orphan": "orphan"}
SUFFIX = "bcdfghjklmnpqrstvwxz2456789"


@dataclass(frozen=True)
class Target:
    """What a request is about; `namespace` is empty for cluster-wide kinds and lists over all namespaces."""

    kind: Kind
    namespace: str = ""
    name: str = ""
    subresource: str = ""


@dataclass(frozen=True)
class Manner:
    """How it shall be done: by which field manager, only as a rehearsal, over conflicts, unknown fields refused."""

    manager: str
    dry_run: bool = False
    force: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Deletion:
    grace: int | None = None
    propagation: str = ""
    uid: str = ""
    version: str = ""
    dry_run: bool = False


def suffix() -> str:
    return "".join(secrets.choice(SUFFIX) for _ in range(5))


class Writes:
    def __init__(self, store: Store, services: ServiceAddresses) -> None:
        self._store = store
        self._services = services

    def create(self, target: Target, body: Json, manner: Manner) -> Json:
        with self._store.lock:
            self._address(target, body)
            _check_shape(target.kind, body, manner)
            return self._create(target, body, manner, lambda new: updated(None, new, manner.manager))

    def _address(self, target: Target, body: Json) -> None:
        """The body must be of the kind and namespace that the path names."""
        _check_identity(target, body)
        metadata = body.setdefault("metadata", {})
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = metadata["generateName"] + suffix()
        if not metadata.get("name"):
            raise ApiError(
                422,
                "Invalid",
                f'{target.kind.kind} "" is invalid: metadata.name: Required value: name or generateName is required',
            )
        given = metadata.get("namespace")
        if target.kind.namespaced:
            if given and given != target.namespace:
                raise bad_request(
                    "the namespace of the provided object does not match the namespace sent on the request"
                )
            metadata["namespace"] = target.namespace
        else:
            metadata.pop("namespace", None)

    def _create(self, target: Target, body: Json, manner: Manner, manage: Callable[[Json], None]) -> Json:
        metadata = body["metadata"]
        if metadata.pop("resourceVersion", None):
            raise bad_request("resourceVersion should not be set on objects to be created")
        for name in SERVER_OWNED:
            metadata.pop(name, None)
        self._admit(target, name_of(body))
        manage(body)
        metadata |= {"uid": new_uid(), "creationTimestamp": now()}
        if "status" in target.kind.subresources:
            body.pop("status", None)
        if "spec" in body:
            metadata["generation"] = 1
        self._complete(target.kind, body)
        if manner.dry_run:
            if self._store.find(target.kind, target.namespace, name_of(body)):
                self._store.add(target.kind, body)
            return body
        return self._store.add(target.kind, body)

    def _complete(self, kind: Kind, body: Json) -> None:
        if not kind.custom:
            drop_nulls(body)
            complete(body)
        check(kind, body)
        if kind.kind == "Service" and not kind.custom:
            self._services.assign(body)

    def _admit(self, target: Target, name: str) -> None:
        if not target.kind.namespaced:
            return
        namespace = self._store.find(NAMESPACE, "", target.namespace)
        if namespace is None:
            raise not_found(NAMESPACE, target.namespace)
        if is_going(namespace):
            why = f"unable to create new content in namespace {target.namespace} because it is being terminated"
            raise forbidden(target.kind, name, why)

    def replace(self, target: Target, body: Json, manner: Manner) -> Json:
        with self._store.lock:
            before = self._store.get(target.kind, target.namespace, target.name)
            self._address(target, body)
            _check_shape(target.kind, body, manner)
            return self._change(target, before, body, manner)

    def patch(self, target: Target, content_type: str, patch: Any, manner: Manner) -> Json:
        """`content_type` names the kind of patch; an apply creates what is not there."""
        with self._store.lock:
            if content_type == APPLY:
                return self._apply(target, patch, manner)
            before = self._store.get(target.kind, target.namespace, target.name)
            after = _patched(target.kind, content_type, copy.deepcopy(before), patch)
            if after["metadata"].get("name") != target.name:
                raise bad_request("the name of the object does not match the name on the URL")
            _check_shape(target.kind, after, manner)
            return self._change(target, before, after, manner)

    def _apply(self, target: Target, wish: Any, manner: Manner) -> Json:
        if not isinstance(wish, dict) or "apiVersion" not in wish:
            raise bad_request(
                "error decoding the body of the apply request: an object with apiVersion and kind is needed"
            )
        if (wish.get("metadata") or {}).get("managedFields"):
            raise bad_request("metadata.managedFields must be nil")
        self._address(target, wish)
        if name_of(wish) != target.name:
            raise bad_request(
                f"the name of the object ({name_of(wish)}) does not match the name on the URL ({target.name})"
            )
        _check_typed(target.kind, wish)
        before = self._store.find(target.kind, target.namespace, target.name)
        if before is None:
            return self._apply_new(target, wish, manner)
        version = wish["metadata"].pop("resourceVersion", None)
        if version and version != before["metadata"]["resourceVersion"]:
            raise stale(target.kind, target.name)
        after = applied(copy.deepcopy(before), wish, manner.manager, manner.force, target.subresource)
        return self._change(target, before, after, manner, managed=True)

    def _apply_new(self, target: Target, wish: Json, manner: Manner) -> Json:
        if target.subresource:
            raise not_found(target.kind, target.name)
        if wish["metadata"].pop("resourceVersion", None):
            raise stale(target.kind, target.name)
        empty: Json = {"apiVersion": wish["apiVersion"], "kind": wish["kind"], "metadata": {}}
        new = applied(empty, wish, manner.manager, force=True)
        return self._create(target, new, manner, lambda _new: None)

    def _change(self, target: Target, before: Json, after: Json, manner: Manner, managed: bool = False) -> Json:
        kind = target.kind
        _check_identity(target, after)
        _keep_server_owned(target, before, after)
        if target.subresource != "status":
            self._complete(kind, after)
            check_change(kind, before, after)
        if not managed:
            updated(before, after, manner.manager, target.subresource)
        if _spec(before) != _spec(after) and before["metadata"].get("generation"):
            after["metadata"]["generation"] = before["metadata"]["generation"] + 1
        if same(before, after) and not managed:
            after["metadata"]["managedFields"] = before["metadata"].get("managedFields", [])
            if not after["metadata"]["managedFields"]:
                del after["metadata"]["managedFields"]
        if manner.dry_run:
            return after
        return self._finish(kind, self._store.put(kind, after))

    def _finish(self, kind: Kind, body: Json) -> Json:
        """What was only waiting for its last finalizer is gone with it."""
        held = body["metadata"].get("finalizers") or (kind.kind == "Namespace" and at(body, "spec.finalizers"))
        if is_going(body) and not held and not _is_graceful(kind, body):
            return self._store.remove(kind, namespace_of(body), name_of(body))
        return body

    def delete(self, target: Target, how: Deletion) -> Json:
        """The object as it was last, with a deletionTimestamp when it is not gone yet."""
        with self._store.lock:
            body = self._store.get(target.kind, target.namespace, target.name)
            self._check_preconditions(target, body, how)
            self._mark_finalizer(body, how)
            if how.dry_run:
                return body
            if target.kind.kind == "Pod" and not target.kind.custom:
                return self._delete_pod(target.kind, body, how)
            waits = body["metadata"].get("finalizers") or (
                target.kind.kind == "Namespace" and at(body, "spec.finalizers")
            )
            if not waits:
                return self._store.remove(target.kind, namespace_of(body), name_of(body))
            return self._mark_going(target.kind, body, None)

    @staticmethod
    def _check_preconditions(target: Target, body: Json, how: Deletion) -> None:
        for asked, held, word in (
            (how.uid, uid_of(body), "UID"),
            (how.version, body["metadata"]["resourceVersion"], "ResourceVersion"),
        ):
            if asked and asked != held:
                why = f"Precondition failed: {word} in precondition: {asked}, {word} in object meta: {held}"
                raise ApiError(
                    409, "Conflict", f'Operation cannot be fulfilled on {target.kind.resource} "{target.name}": {why}'
                )

    @staticmethod
    def _mark_finalizer(body: Json, how: Deletion) -> None:
        if (finalizer := FINALIZED.get(how.propagation)) is not None:
            held = body["metadata"].get("finalizers") or []
            body["metadata"]["finalizers"] = [*held, *([finalizer] if finalizer not in held else [])]

    def _mark_going(self, kind: Kind, body: Json, grace: int | None) -> Json:
        if not is_going(body):
            body["metadata"]["deletionTimestamp"] = now()
        if grace is not None:
            body["metadata"]["deletionGracePeriodSeconds"] = grace
        if kind.kind == "Namespace":
            body["status"] = {**(body.get("status") or {}), "phase": "Terminating"}
        return self._store.put(kind, body)

    def _delete_pod(self, kind: Kind, body: Json, how: Deletion) -> Json:
        grace = at(body, "spec.terminationGracePeriodSeconds", 30) if how.grace is None else how.grace
        unstarted = not body["spec"].get("nodeName") or at(body, "status.phase") in {"Succeeded", "Failed"}
        if (grace == 0 or unstarted) and not body["metadata"].get("finalizers"):
            return self._store.remove(kind, namespace_of(body), name_of(body))
        return self._mark_going(kind, body, grace)


def _is_graceful(kind: Kind, body: Json) -> bool:
    return kind.kind == "Pod" and bool(body["metadata"].get("deletionGracePeriodSeconds"))


def _check_shape(kind: Kind, body: Json, manner: Manner) -> None:
    """Fields of a wrong type; where that was asked for, also unknown ones."""
    for fault in faults(kind, body):
        head = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: '
        if not fault.unknown:
            raise bad_request(f"{head}{fault.path}: {fault.message}")
        if manner.strict:
            raise bad_request(f'{head}strict decoding error: unknown field "{fault.path[1:]}"')


def _check_typed(kind: Kind, wish: Json) -> None:
    """What server-side apply says, with its status of 500, of an object that does not fit the schema."""
    fault = next(faults(kind, wish), None)
    if fault:
        where = f"{namespace_of(wish)}/{name_of(wish)}".removeprefix("/")
        head = f"failed to create typed patch object ({where}; {kind.api_version}, Kind={kind.kind})"
        raise ApiError(500, "", f"{head}: {fault.path}: {fault.message}")


def _check_identity(target: Target, body: Any) -> None:
    if not isinstance(body, dict):
        raise bad_request("the object provided is unrecognized: it must be a JSON object")
    kind, given = target.kind, (body.get("apiVersion"), body.get("kind"))
    body.setdefault("apiVersion", kind.api_version)
    body.setdefault("kind", kind.kind)
    if target.subresource in {"", "status"} and (body["apiVersion"], body["kind"]) != (kind.api_version, kind.kind):
        expected = f"{kind.api_version}, Kind={kind.kind}"
        raise bad_request(
            f"the API version and kind in the data ({given[0]}, Kind={given[1]}) do not match the expected ({expected})"
        )


def _keep_server_owned(target: Target, before: Json, after: Json) -> None:
    metadata = after["metadata"]
    for name in SERVER_OWNED:
        metadata.pop(name, None)
        if name in before["metadata"]:
            metadata[name] = before["metadata"][name]
    if target.subresource == "status":
        status = after.get("status")
        kept = {name: value for name, value in metadata.items() if name in {"resourceVersion", "managedFields"}}
        for name in set(after) | set(before):
            after[name] = copy.deepcopy(before[name]) if name in before else None
        after["metadata"] |= kept
        after["status"] = status
        for name in [name for name, value in after.items() if value is None]:
            del after[name]
    elif "status" in target.kind.subresources:
        after.pop("status", None)
        if "status" in before:
            after["status"] = before["status"]
    if target.kind.kind == "Service" and at(after, "spec.type") != "ExternalName" and "spec" in after:
        _keep_addresses(before["spec"], after["spec"])


def _keep_addresses(before: Json, after: Json) -> None:
    """An update that says nothing about them keeps the addresses and node ports a service has."""
    if not after.get("clusterIP") and before.get("clusterIP"):
        after["clusterIP"], after["clusterIPs"] = before["clusterIP"], before["clusterIPs"]
    if after.get("type") in {"NodePort", "LoadBalancer"}:
        held = {(port.get("port"), port.get("protocol")): port.get("nodePort") for port in before.get("ports") or ()}
        for port in after.get("ports") or ():
            number = held.get((port.get("port"), port.get("protocol", "TCP")))
            if number and not port.get("nodePort"):
                port["nodePort"] = number
    else:
        for port in after.get("ports") or ():
            port.pop("nodePort", None)


def _patched(kind: Kind, content_type: str, before: Json, patch: Any) -> Json:
    if content_type == JSON_PATCH:
        return json_patched(before, patch)
    if content_type == MERGE or (content_type == STRATEGIC and kind.kind == "Scale"):
        merged = merge_patched(before, patch)
    elif content_type == STRATEGIC and not kind.custom:
        merged = strategic_patched(before, patch)
    else:
        known = f"{JSON_PATCH}, {MERGE}, {APPLY}"
        said = f"the body of the request was in an unknown format - accepted media types include: {known}"
        raise ApiError(415, "UnsupportedMediaType", said)
    if not isinstance(merged, dict):
        raise bad_request(f"the patch is no object: {json.dumps(patch)[:100]}")
    return merged


def _spec(body: Json) -> Json:
    return {name: value for name, value in body.items() if name not in {"metadata", "status", "apiVersion", "kind"}}
