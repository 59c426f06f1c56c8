"""Who may do what: the subject of the client certificate, a bootstrap token, RBAC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from magnumctl.sandbox.nodes.certificates import ClientIdentity
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError, about
from magnumctl.sandbox.nodes.kubernetes.kinds import find_built_in
from magnumctl.sandbox.nodes.kubernetes.store import Store
from magnumctl.sandbox.nodes.kubernetes.writes import Target

MASTERS = "system:masters"
ANONYMOUS = ClientIdentity("system:anonymous", ("system:unauthenticated",))
OPEN_PATHS = ("/livez", "/readyz", "/healthz", "/version")
DISCOVERY_PATHS = ("/api", "/apis", "/openapi")
CLUSTER_ROLE, CLUSTER_BINDING = find_built_in("ClusterRole"), find_built_in("ClusterRoleBinding")
ROLE, BINDING = find_built_in("Role"), find_built_in("RoleBinding")


@dataclass(frozen=True)
class Wish:
    """A verb on a resource, or on a path that is none."""

    verb: str
    target: Target | None
    path: str = ""


def identified(client: ClientIdentity | None, authorization: str, tokens: frozenset[str]) -> ClientIdentity:
    """Raises 401 for a bearer token that nobody gave out."""
    if client is not None and client.user:
        return ClientIdentity(client.user, (*client.groups, "system:authenticated"))
    token = authorization.removeprefix("Bearer ").strip()
    if not token:
        return ANONYMOUS
    if token in tokens:
        groups = ("system:bootstrappers:kubeadm:default-node-token", "system:bootstrappers", "system:authenticated")
        return ClientIdentity(f"system:bootstrap:{token.partition('.')[0]}", groups)
    raise ApiError(401, "Unauthorized", "Unauthorized")


class Access:
    def __init__(self, store: Store) -> None:
        self._store = store

    def require(self, who: ClientIdentity, wish: Wish) -> None:
        """Raises 403 with the sentence that kube-apiserver says."""
        if not self.allows(who, wish):
            raise _forbidden(who, wish)

    def allows(self, who: ClientIdentity, wish: Wish) -> bool:
        if MASTERS in who.groups or _is_open(who, wish):
            return True
        with self._store.lock:
            return any(_rule_allows(rule, wish) for rule in self._rules(who, wish))

    def _rules(self, who: ClientIdentity, wish: Wish) -> Iterator[Mapping[str, Any]]:
        for binding in self._store.peek(CLUSTER_BINDING):
            yield from self._rules_of(binding, who, "")
        namespace = wish.target.namespace if wish.target else ""
        for binding in self._store.peek(BINDING, namespace) if namespace else ():
            yield from self._rules_of(binding, who, namespace)

    def _rules_of(self, binding: Mapping[str, Any], who: ClientIdentity, namespace: str) -> Iterator[Mapping[str, Any]]:
        if any(_is_subject(subject, who) for subject in binding.get("subjects") or ()):
            role = binding["roleRef"]
            kind = CLUSTER_ROLE if role["kind"] == "ClusterRole" else ROLE
            found = self._store.find(kind, namespace if kind is ROLE else "", role["name"])
            yield from (found or {}).get("rules") or ()


def _is_open(who: ClientIdentity, wish: Wish) -> bool:
    if wish.target is not None:
        return False
    known = "system:authenticated" in who.groups
    return wish.path.startswith((*OPEN_PATHS, *(DISCOVERY_PATHS if known else ())))


def _is_subject(subject: Mapping[str, Any], who: ClientIdentity) -> bool:
    match subject.get("kind"):
        case "Group":
            return subject["name"] in who.groups
        case "User":
            return bool(subject["name"] == who.user)
    return f"system:serviceaccount:{subject.get('namespace')}:{subject['name']}" == who.user


def _rule_allows(rule: Mapping[str, Any], wish: Wish) -> bool:
    if not _holds(rule.get("verbs"), wish.verb):
        return False
    if wish.target is None:
        paths = rule.get("nonResourceURLs") or ()
        return any(path == wish.path or (path.endswith("*") and wish.path.startswith(path[:-1])) for path in paths)
    target = wish.target
    resource = target.kind.plural + (f"/{target.subresource}" if target.subresource else "")
    names = rule.get("resourceNames")
    fits = _holds(rule.get("apiGroups"), target.kind.group) and _holds(rule.get("resources"), resource)
    return fits and (not names or target.name in names)


def _holds(values: Any, wanted: str) -> bool:
    return bool(values) and ("*" in values or wanted in values)


def _forbidden(who: ClientIdentity, wish: Wish) -> ApiError:
    if wish.target is None:
        return ApiError(403, "Forbidden", f'forbidden: User "{who.user}" cannot {wish.verb} path "{wish.path}"', {})
    target = wish.target
    kind = target.kind
    resource = kind.plural + (f"/{target.subresource}" if target.subresource else "")
    scope = f'in the namespace "{target.namespace}"' if target.namespace else "at the cluster scope"
    named = f' "{target.name}"' if target.name else ""
    message = (
        f'{kind.resource}{named} is forbidden: User "{who.user}" cannot {wish.verb} resource "{resource}"'
        f' in API group "{kind.group}" {scope}'
    )
    return ApiError(403, "Forbidden", message, about(kind, target.name))
