"""Subresources that are objects of their own: scale, binding, eviction, token; and the reviews."""

from __future__ import annotations

import secrets
from typing import Any

from magnumctl.sandbox.nodes.certificates import ClientIdentity
from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.access import Access, Wish
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.controllers.budgets import evict
from magnumctl.sandbox.nodes.kubernetes.failures import bad_request
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind
from magnumctl.sandbox.nodes.kubernetes.objects import at, now
from magnumctl.sandbox.nodes.kubernetes.patches import APPLY, JSON_PATCH, json_patched, merge_patched
from magnumctl.sandbox.nodes.kubernetes.scheduler import bind
from magnumctl.sandbox.nodes.kubernetes.selectors import spoken_selector
from magnumctl.sandbox.nodes.kubernetes.writes import Manner, Target

KEPT = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


def scale_of(body: Json) -> Json:
    metadata = {name: body["metadata"][name] for name in KEPT if name in body["metadata"]}
    status = {"replicas": at(body, "status.replicas", 0), "selector": spoken_selector(at(body, "spec.selector", {}))}
    spec = {"replicas": at(body, "spec.replicas", 0)}
    return {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec, "status": status}


def scaled(cluster: Cluster, target: Target, content_type: str, wish: Any, manner: Manner) -> Json:
    """`content_type` is that of a patch, or of the whole Scale."""
    with cluster.lock:
        body = cluster.store.get(target.kind, target.namespace, target.name)
        scale = scale_of(body)
        if content_type == JSON_PATCH:
            scale = json_patched(scale, wish)
        elif "patch" in content_type or content_type == APPLY:
            scale = merge_patched(scale, wish)
        else:
            scale = wish
        number = at(scale, "spec.replicas", 0)
        if not isinstance(number, int) or number < 0:
            raise bad_request("spec.replicas: must be a number greater than or equal to 0")
        version = at(scale, "metadata.resourceVersion")
        body["metadata"]["resourceVersion"] = version or body["metadata"]["resourceVersion"]
        body["spec"]["replicas"] = number
        return scale_of(cluster.writes.replace(Target(target.kind, target.namespace, target.name), body, manner))


def posted(cluster: Cluster, target: Target, body: Json) -> Json:
    if target.subresource == "binding":
        with cluster.lock:
            pod = cluster.store.get(target.kind, target.namespace, target.name)
            bind(cluster, pod, str(at(body, "target.name", "")))
        return _success()
    if target.subresource == "eviction":
        evict(cluster, target, body)
        return _success()
    cluster.store.get(target.kind, target.namespace, target.name)
    return body | {"status": {"token": secrets.token_urlsafe(48), "expirationTimestamp": now()}}


def _success() -> Json:
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


def reviewed(access: Access, registry_kind: Kind | None, who: ClientIdentity, body: Json) -> Json:
    """SelfSubjectReview and SelfSubjectAccessReview."""
    if body.get("kind") == "SelfSubjectReview":
        return body | {"status": {"userInfo": {"username": who.user, "groups": list(who.groups)}}}
    asked = at(body, "spec.resourceAttributes", {})
    if registry_kind is None:
        path = at(body, "spec.nonResourceAttributes", {})
        wish = Wish(path.get("verb", "get"), None, path.get("path", "/"))
    else:
        names = (asked.get("namespace", ""), asked.get("name", ""), asked.get("subresource", ""))
        wish = Wish(asked.get("verb", "get"), Target(registry_kind, *names))
    return body | {"status": {"allowed": access.allows(who, wish)}}
