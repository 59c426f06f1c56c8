"""What a cluster has once kubeadm is through: namespaces, the admin roles, the DNS server and kube-proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.cluster import Cluster

EVERYTHING = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}, {"nonResourceURLs": ["*"], "verbs": ["*"]}]
READ = ["get", "list", "watch"]
SYSTEM = "kube-system"
DNS_LABELS = {"k8s-app": "kube-dns"}
PROXY_LABELS = {"k8s-app": "kube-proxy"}


def furniture(cluster: Cluster) -> Iterator[Json]:
    for name in ("default", "kube-system", "kube-public", "kube-node-lease"):
        yield _body("v1", "Namespace", name)
    yield _role("cluster-admin", EVERYTHING)
    yield _role(
        "view", [{"apiGroups": ["", "apps", "batch", "networking.k8s.io", "policy"], "resources": ["*"], "verbs": READ}]
    )
    yield _role("system:basic-user", [
        {"apiGroups": ["authorization.k8s.io"], "resources": ["selfsubjectaccessreviews"], "verbs": ["create"]},
        {"apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"], "verbs": ["create"]},
    ])  # fmt: skip
    yield _role_binding("cluster-admin", "system:masters")
    yield _role_binding("system:basic-user", "system:authenticated")
    yield _role_binding("kubeadm:cluster-admins", "kubeadm:cluster-admins", "cluster-admin")
    yield _system_service(cluster)
    yield _api_service(cluster)
    yield _workload("Deployment", "coredns", DNS_LABELS, "registry.k8s.io/coredns/coredns:v1.12.1", {"replicas": 2})
    yield _workload("DaemonSet", "kube-proxy", PROXY_LABELS, f"registry.k8s.io/kube-proxy:{cluster.config.version}", {})


def _body(api_version: str, kind: str, name: str, namespace: str = "", **parts: Any) -> Json:
    metadata: Json = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **parts}


def _role(name: str, rules: list[Json]) -> Json:
    return _body("rbac.authorization.k8s.io/v1", "ClusterRole", name, rules=rules)


def _role_binding(name: str, group: str, role: str = "") -> Json:
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role or name}
    subjects = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}]
    return _body("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", name, roleRef=reference, subjects=subjects)


def _system_service(cluster: Cluster) -> Json:
    ports = [{"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53, "protocol": "TCP"}]
    spec = {"selector": DNS_LABELS, "clusterIP": cluster.services.dns, "ports": ports}
    return _body("v1", "Service", "kube-dns", SYSTEM, spec=spec)


def _api_service(cluster: Cluster) -> Json:
    spec = {"clusterIP": cluster.services.first, "ports": [{"name": "https", "port": 443, "targetPort": 6443}]}
    return _body("v1", "Service", "kubernetes", "default", spec=spec)


def _workload(kind: str, name: str, labels: Mapping[str, str], image: str, more: Json) -> Json:
    container = {"name": name, "image": image}
    pod = {"containers": [container], "tolerations": [{"operator": "Exists"}], "hostNetwork": name == "kube-proxy"}
    template = {"metadata": {"labels": dict(labels)}, "spec": {**pod, "priorityClassName": "system-cluster-critical"}}
    return _body(
        "apps/v1", kind, name, SYSTEM, spec={**more, "selector": {"matchLabels": dict(labels)}, "template": template}
    )
