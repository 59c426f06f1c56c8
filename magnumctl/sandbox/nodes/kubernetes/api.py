"""The Kubernetes API of a cluster: requests in, objects, tables, watches and Status objects out."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from typing import Any

import yaml

from magnumctl.sandbox.nodes.certificates import ClientIdentity
from magnumctl.sandbox.nodes.http import Answer, Json, Reply, Request, Stream, json_reply
from magnumctl.sandbox.nodes.kubernetes.access import Wish, identified
from magnumctl.sandbox.nodes.kubernetes.bootstrap_tokens import tokens_in_force
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.discovery import Discovery
from magnumctl.sandbox.nodes.kubernetes.exec import exec_answer
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError, about, bad_request, no_such_path, not_allowed
from magnumctl.sandbox.nodes.kubernetes.kubelet import Kubelets
from magnumctl.sandbox.nodes.kubernetes.logs import log_answer
from magnumctl.sandbox.nodes.kubernetes.objects import listing, name_of, uid_of
from magnumctl.sandbox.nodes.kubernetes.openapi import OpenApi
from magnumctl.sandbox.nodes.kubernetes.patches import APPLY
from magnumctl.sandbox.nodes.kubernetes.paths import target_of
from magnumctl.sandbox.nodes.kubernetes.protobuf import from_protobuf
from magnumctl.sandbox.nodes.kubernetes.selectors import Test, selected
from magnumctl.sandbox.nodes.kubernetes.subresources import posted, reviewed, scale_of, scaled
from magnumctl.sandbox.nodes.kubernetes.table import table
from magnumctl.sandbox.nodes.kubernetes.watching import LONGEST_SECONDS, WatchWish, watched
from magnumctl.sandbox.nodes.kubernetes.writes import Deletion, Manner, Target

logger = logging.getLogger(__name__)
VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
HEALTH = ("/readyz", "/livez", "/healthz")
PARTIAL = "as=PartialObjectMetadata"
AGGREGATED_TYPE = "application/json;g=apidiscovery.k8s.io;v={};as=APIGroupDiscoveryList"


class KubernetesApi:
    """Called with each request; never raises."""

    def __init__(self, cluster: Cluster, kubelets: Kubelets) -> None:
        self._cluster = cluster
        self._kubelets = kubelets
        self._discovery = Discovery(cluster.registry, cluster.config.endpoint)
        self._openapi = OpenApi(cluster.registry, cluster.config.version)

    def __call__(self, request: Request) -> Answer:
        try:
            return self._answer(request)
        except ApiError as exc:
            return json_reply(exc.code, exc.status())
        except RecursionError:
            return json_reply(400, bad_request("the object is nested too deeply").status())
        except Exception:
            logger.exception("the emulated API server failed at %s %s", request.method, request.path)
            return json_reply(500, ApiError(500, "InternalError", "Internal error occurred").status())

    def _answer(self, request: Request) -> Answer:
        who = self._client_of(request)
        target = self._target(who, request)
        if target is None:
            return self._no_resource(who, request)
        self._cluster.access.require(who, Wish(_verb(request, target), target))
        return self._of_target(request, target)

    def _client_of(self, request: Request) -> ClientIdentity:
        authorization = request.header("Authorization")
        tokens = tokens_in_force(self._cluster.store) if authorization else frozenset()
        return identified(request.client, authorization, tokens)

    def _target(self, who: ClientIdentity, request: Request) -> Target | None:
        """Who may nothing does not learn either what exists."""
        try:
            return target_of(request.path, self._cluster.registry)
        except ApiError:
            self._cluster.access.require(who, Wish(request.method.lower(), None, request.path))
            raise

    def _no_resource(self, who: ClientIdentity, request: Request) -> Answer:
        path = request.path.rstrip("/") or "/"
        self._cluster.access.require(who, Wish(request.method.lower(), None, path))
        if path.startswith(HEALTH):
            return Reply(200, b"ok", "text/plain; charset=utf-8")
        if path == "/version":
            return json_reply(200, _version(self._cluster.config.version))
        if path.startswith("/openapi/"):
            return json_reply(200, self._openapi.answer(path))
        if path.startswith(("/api", "/apis")):
            return self._discovered(path, request.header("Accept"))
        if path == "/":
            return json_reply(200, {"paths": ["/api", "/apis", *HEALTH, "/openapi/v2", "/openapi/v3", "/version"]})
        raise no_such_path()

    def _discovered(self, path: str, accept: str) -> Answer:
        body = self._discovery.answer(path, accept)
        if body["kind"] != "APIGroupDiscoveryList":
            return json_reply(200, body)
        version = body["apiVersion"].rpartition("/")[2]
        return Reply(200, json.dumps(body).encode(), AGGREGATED_TYPE.format(version))

    def _of_target(self, request: Request, target: Target) -> Answer:
        if target.subresource in {"log", "exec", "scale", "binding", "eviction", "token"}:
            return self._of_part(request, target)
        match request.method:
            case "GET" | "HEAD":
                return self._read(request, target)
            case "POST" if not target.name:
                body = self._cluster.writes.create(target, _body(request), _manner(request))
                return json_reply(201, _presented(target, request)(body))
            case "PUT" if target.name:
                return json_reply(200, self._cluster.writes.replace(target, _body(request), _manner(request)))
            case "PATCH" if target.name:
                return self._patch(request, target)
            case "DELETE":
                return self._delete(request, target) if target.name else self._delete_all(request, target)
        raise not_allowed()

    def _of_part(self, request: Request, target: Target) -> Answer:
        cluster = self._cluster
        if target.subresource == "scale":
            if request.method == "GET":
                return json_reply(200, scale_of(cluster.store.get(target.kind, target.namespace, target.name)))
            content = request.header("Content-Type").partition(";")[0]
            return json_reply(200, scaled(cluster, target, content, _body(request), _manner(request)))
        if target.subresource in {"binding", "eviction", "token"}:
            return json_reply(201, posted(cluster, target, _body(request)))
        pod = cluster.store.get(target.kind, target.namespace, target.name)
        if target.subresource == "log":
            return log_answer(cluster, self._kubelets, pod, request)
        return exec_answer(cluster, self._kubelets, pod, request)

    def _read(self, request: Request, target: Target) -> Answer:
        if target.name and not request.flag("watch"):
            body = self._cluster.store.get(target.kind, target.namespace, target.name)
            return json_reply(200, _presented(target, request)(body))
        fields = request.parameter("fieldSelector") or (f"metadata.name={target.name}" if target.name else "")
        test = selected(request.parameter("labelSelector"), fields)
        return self._watch(request, target, test) if request.flag("watch") else self._list(request, target, test)

    def _watch(self, request: Request, target: Target, test: Test) -> Answer:
        version = request.parameter("resourceVersion")
        initial = request.flag("sendInitialEvents")
        wish = WatchWish(
            kind=target.kind,
            namespace=target.namespace,
            version=None if version in {"", "0"} or initial else int(version),
            seconds=float(request.parameter("timeoutSeconds") or LONGEST_SECONDS),
            bookmarks=request.flag("allowWatchBookmarks"),
            initial_end=initial,
            test=test,
            shown=_presented(target, request),
        )
        return Stream(200, watched(self._cluster.store, wish))

    def _list(self, request: Request, target: Target, test: Test) -> Answer:
        with self._cluster.lock:
            version = self._cluster.store.version
            found = [body for body in self._cluster.store.peek(target.kind, target.namespace) if test(body)]
        start, version = _continued(request.parameter("continue"), version)
        limit = int(request.parameter("limit") or 0) or len(found)
        items = found[start : start + limit]
        body = listing(target.kind, [_served(target, item) for item in items], version)
        left = len(found) - start - len(items)
        if left > 0:
            token = base64.b64encode(json.dumps([start + limit, version]).encode()).decode()
            body["metadata"] |= {"continue": token, "remainingItemCount": left}
        return json_reply(200, _presented_list(target, request, body))

    def _patch(self, request: Request, target: Target) -> Answer:
        content = request.header("Content-Type").partition(";")[0].strip()
        manner = _manner(request)
        if content == APPLY and not request.parameter("fieldManager"):
            said = 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'
            raise ApiError(422, "Invalid", said)
        existed = self._cluster.store.find(target.kind, target.namespace, target.name) is not None
        body = self._cluster.writes.patch(target, content, _body(request), manner)
        return json_reply(200 if existed else 201, _presented(target, request)(body))

    def _delete(self, request: Request, target: Target) -> Answer:
        body = self._cluster.writes.delete(target, _deletion(request))
        held = self._cluster.store.find(target.kind, target.namespace, target.name)
        if (held and uid_of(held) == uid_of(body)) or target.kind.kind == "Pod":
            return json_reply(200, _served(target, body))
        details = about(target.kind, name_of(body)) | {"uid": uid_of(body)}
        head: Json = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
        return json_reply(200, head | {"details": details})

    def _delete_all(self, request: Request, target: Target) -> Answer:
        test = selected(request.parameter("labelSelector"), request.parameter("fieldSelector"))
        how = _deletion(request)
        with self._cluster.lock:
            found = [body for body in self._cluster.store.all(target.kind, target.namespace) if test(body)]
            for body in found:
                self._cluster.writes.delete(Target(target.kind, target.namespace, name_of(body)), how)
        return json_reply(200, listing(target.kind, found, self._cluster.store.version))


class ReviewingApi(KubernetesApi):
    """Also answers who am I and may I, which every known user may ask."""

    def _answer(self, request: Request) -> Answer:
        if request.method == "POST" and request.path.endswith(("/selfsubjectaccessreviews", "/selfsubjectreviews")):
            who = self._client_of(request)
            body = _body(request)
            asked = (body.get("spec") or {}).get("resourceAttributes") or {}
            kind = next(
                (each for each in self._cluster.registry.all()
                 if (each.group, each.plural) == (asked.get("group", ""), asked.get("resource"))),
                None,
            )  # fmt: skip
            return json_reply(201, reviewed(self._cluster.access, kind, who, body))
        return super()._answer(request)


def _verb(request: Request, target: Target) -> str:
    if request.method in {"GET", "HEAD"}:
        return "watch" if request.flag("watch") else "get" if target.name else "list"
    verb = VERBS.get(request.method, request.method.lower())
    return "deletecollection" if verb == "delete" and not target.name else verb


def _body(request: Request) -> Any:
    content = request.header("Content-Type").partition(";")[0].strip()
    if "protobuf" in content:
        return from_protobuf(request.body) if request.body else {}
    if "cbor" in content:
        raise ApiError(415, "UnsupportedMediaType", f"the body of the request was in an unknown format: {content}")
    try:
        return yaml.safe_load(request.body) if "yaml" in content and request.body[:1] != b"{" else request.json()
    except (ValueError, yaml.YAMLError) as exc:
        raise bad_request(f"the object provided is unrecognized: couldn't decode it: {exc}") from exc


def _manner(request: Request) -> Manner:
    agent = request.header("User-Agent").partition("/")[0] or "unknown"
    return Manner(
        manager=request.parameter("fieldManager") or agent,
        dry_run=request.parameter("dryRun") == "All",
        force=request.flag("force"),
        strict=request.parameter("fieldValidation") == "Strict",
    )


def _deletion(request: Request) -> Deletion:
    options = _body(request) or {}
    grace = request.parameter("gracePeriodSeconds") or options.get("gracePeriodSeconds")
    held = options.get("preconditions") or {}
    dry = request.parameter("dryRun") == "All" or "All" in (options.get("dryRun") or ())
    orphans = "Orphan" if options.get("orphanDependents") else ""
    return Deletion(
        grace=int(grace) if grace is not None and grace != "" else None,
        propagation=request.parameter("propagationPolicy") or options.get("propagationPolicy") or orphans,
        uid=held.get("uid") or "",
        version=held.get("resourceVersion") or "",
        dry_run=dry,
    )


def _continued(token: str, version: int) -> tuple[int, int]:
    if not token:
        return 0, version
    try:
        start, version = json.loads(base64.b64decode(token))
    except ValueError as exc:
        raise bad_request(f"continue key is not valid: {exc}") from exc
    return int(start), int(version)


def _served(target: Target, body: Json) -> Json:
    """A custom object in the version that was asked for."""
    return body | {"apiVersion": target.kind.api_version} if target.kind.custom else body


def _presented(target: Target, request: Request) -> Callable[[Json], Json]:
    accept, include = request.header("Accept"), request.parameter("includeObject", "Metadata")
    if "as=Table" in accept:
        return lambda body: table(
            target.kind, [body], {"resourceVersion": body["metadata"]["resourceVersion"]}, include
        )
    if PARTIAL in accept:
        return _partial
    return lambda body: _served(target, body)


def _presented_list(target: Target, request: Request, body: Json) -> Json:
    accept, include = request.header("Accept"), request.parameter("includeObject", "Metadata")
    if "as=Table" in accept:
        return table(target.kind, body["items"], body["metadata"], include)
    if PARTIAL in accept:
        head = {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": body["metadata"]}
        return head | {"items": [_partial(item) for item in body["items"]]}
    return body


def _partial(body: Json) -> Json:
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": body["metadata"]}


def _version(version: str) -> Json:
    major, minor, _ = version.removeprefix("v").split(".", 2)
    built = {
        "gitCommit": "sandbox",
        "gitTreeState": "clean",
        "buildDate": "2025-09-09T19:44:50Z",
        "goVersion": "go1.24.6",
    }
    return {"major": major, "minor": minor, "gitVersion": version, **built, "compiler": "gc", "platform": "linux/amd64"}
