"""What the path of a request names."""

from __future__ import annotations

from magnumctl.sandbox.nodes.kubernetes.failures import no_such_path
from magnumctl.sandbox.nodes.kubernetes.registry import Registry
from magnumctl.sandbox.nodes.kubernetes.writes import Target

NAMESPACE_PARTS = frozenset({"status", "finalize"})


def target_of(path: str, registry: Registry) -> Target | None:
    """None when the path names no resource (/version, /apis/apps); ApiError 404 when the resource does not exist."""
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) > 2:  # noqa: PLR2004 - api, version, resource
        return _target("", parts[1], parts[2:], registry)
    if parts[0] == "apis" and len(parts) > 3:  # noqa: PLR2004 - apis, group, version, resource
        return _target(parts[1], parts[2], parts[3:], registry)
    return None


def _target(group: str, version: str, rest: list[str], registry: Registry) -> Target:
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in NAMESPACE_PARTS:  # noqa: PLR2004
        namespace, rest = rest[1], rest[2:]
    kind = registry.find(group, version, rest[0])
    if kind is None or (namespace and not kind.namespaced):
        raise no_such_path()
    name, subresource = (*rest[1:], "", "")[:2]
    if subresource and subresource not in kind.subresources:
        raise no_such_path()
    return Target(kind, namespace, name, subresource)
