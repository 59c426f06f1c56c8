"""The garbage collector and the end of namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster
from magnumctl.sandbox.nodes.kubernetes.kinds import Kind, find_built_in
from magnumctl.sandbox.nodes.kubernetes.objects import is_going, name_of, namespace_of, uid_of
from magnumctl.sandbox.nodes.kubernetes.writes import Deletion, Target

NAMESPACE = find_built_in("Namespace")
DEFINITION = find_built_in("CustomResourceDefinition")


def collect_garbage(cluster: Cluster) -> None:
    held = list(_everything(cluster))
    living = {uid_of(body) for _, body in held}
    for kind, body in held:
        owners = body["metadata"].get("ownerReferences") or ()
        if owners and not is_going(body) and not any(owner["uid"] in living for owner in owners):
            _delete(cluster, kind, body)
    for kind, body in held:
        finalizers = body["metadata"].get("finalizers") or ()
        if is_going(body) and ("foregroundDeletion" in finalizers or "orphan" in finalizers):
            _dissolve(cluster, kind, body, held)


def _everything(cluster: Cluster) -> Iterator[tuple[Kind, Json]]:
    seen: set[str] = set()
    for kind in tuple(cluster.registry.all()):
        if kind.resource not in seen and kind.kind != "Event":
            seen.add(kind.resource)
            yield from ((kind, body) for body in cluster.store.peek(kind))


def _delete(cluster: Cluster, kind: Kind, body: Json, propagation: str = "") -> None:
    if cluster.store.find(kind, namespace_of(body), name_of(body)) is not None:
        cluster.writes.delete(Target(kind, namespace_of(body), name_of(body)), Deletion(propagation=propagation))


def _dissolve(cluster: Cluster, kind: Kind, owner: Json, held: list[tuple[Kind, Json]]) -> None:
    """Foreground: the dependents first. Orphan: they stay, without their owner."""
    orphaned = "orphan" in owner["metadata"]["finalizers"]
    dependents = [(each, body) for each, body in held if _owns(owner, body)]
    for each, body in dependents:
        if orphaned:
            _release(cluster, each, body, owner)
        elif not is_going(body):
            _delete(cluster, each, body, "Foreground" if any(_owns(body, other) for _, other in held) else "")
    if orphaned or not dependents:
        _drop_finalizer(cluster, kind, owner, "orphan" if orphaned else "foregroundDeletion")


def _owns(owner: Json, body: Json) -> bool:
    return any(each["uid"] == uid_of(owner) for each in body["metadata"].get("ownerReferences") or ())


def _release(cluster: Cluster, kind: Kind, body: Json, owner: Json) -> None:
    copy = cluster.store.get(kind, namespace_of(body), name_of(body))
    kept = [each for each in copy["metadata"]["ownerReferences"] if each["uid"] != uid_of(owner)]
    copy["metadata"]["ownerReferences"] = kept
    cluster.store.put(kind, copy)


def _drop_finalizer(cluster: Cluster, kind: Kind, body: Json, finalizer: str) -> None:
    copy = cluster.store.find(kind, namespace_of(body), name_of(body))
    if copy is None:
        return
    copy["metadata"]["finalizers"] = [each for each in copy["metadata"]["finalizers"] if each != finalizer]
    cluster.store.put(kind, copy)
    if not copy["metadata"]["finalizers"]:
        cluster.store.remove(kind, namespace_of(body), name_of(body))


def end_namespaces(cluster: Cluster) -> None:
    for namespace in tuple(cluster.store.peek(NAMESPACE)):
        if is_going(namespace):
            _empty(cluster, name_of(namespace))
        else:
            _furnish(cluster, name_of(namespace))


def _empty(cluster: Cluster, name: str) -> None:
    kinds = {kind.resource: kind for kind in cluster.registry.all() if kind.namespaced}.values()
    held = [(kind, body) for kind in kinds for body in cluster.store.peek(kind, name)]
    for kind, body in held:
        if not is_going(body):
            _delete(cluster, kind, body)
    if not held:
        cluster.store.remove(NAMESPACE, "", name)


def _furnish(cluster: Cluster, name: str) -> None:
    """Every namespace has a default service account and the cluster's CA."""
    account, config = find_built_in("ServiceAccount"), find_built_in("ConfigMap")
    if cluster.store.find(account, name, "default") is None:
        cluster.create(
            account, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": name}}
        )
    if cluster.store.find(config, name, "kube-root-ca.crt") is None:
        metadata = {"name": "kube-root-ca.crt", "namespace": name}
        wish = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"ca.crt": cluster.config.ca}}
        cluster.create(config, wish)


def establish_definitions(cluster: Cluster) -> None:
    """A defined kind is served at once; its conditions say so."""
    for body in tuple(cluster.store.peek(DEFINITION)):
        status = _established(body)
        if body.get("status") != status:
            held = cluster.store.get(DEFINITION, "", name_of(body))
            cluster.store.put(DEFINITION, held | {"status": status})


def _established(body: Json) -> Json:
    names = body["spec"]["names"]
    singular = names.get("singular", names["kind"].lower())
    reasons = {"NamesAccepted": "NoConflicts", "Established": "InitialNamesAccepted"}
    return {
        "conditions": [{"type": each, "status": "True", "reason": reason} for each, reason in reasons.items()],
        "acceptedNames": {"kind": names["kind"], "plural": names["plural"], "singular": singular},
        "storedVersions": [body["spec"]["versions"][0]["name"]],
    }
