"""The kinds of object that the API serves: the built-in ones, and those of custom resource definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from magnumctl.sandbox.nodes.http import Json

VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True)
class Column:
    """Of a custom resource: a name and the path of the value (`.spec.size`)."""

    name: str
    type: str
    path: str


@dataclass(frozen=True)
class Kind:
    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    custom: bool = False

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def resource(self) -> str:
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def singular(self) -> str:
        return self.kind.lower()


ALL = ("all",)


def _core(kind: str, plural: str, *short: str, subresources: Sequence[str] = (), all_: Sequence[str] = ()) -> Kind:
    return Kind("", "v1", kind, plural, True, short, tuple(subresources), tuple(all_))


def _global(api: str, kind: str, plural: str, *short: str, subresources: Sequence[str] = ()) -> Kind:
    group, _, version = api.rpartition("/")
    return Kind(group, version, kind, plural, False, short, tuple(subresources))


def _local(
    api: str, kind: str, plural: str, *short: str, subresources: Sequence[str] = (), all_: Sequence[str] = ()
) -> Kind:
    group, _, version = api.rpartition("/")
    return Kind(group, version, kind, plural, True, short, tuple(subresources), tuple(all_))


SCALED = ("status", "scale")

BUILT_IN: tuple[Kind, ...] = (
    _global("v1", "Namespace", "namespaces", "ns", subresources=("status", "finalize")),
    _global("v1", "Node", "nodes", "no", subresources=("status",)),
    _global("v1", "PersistentVolume", "persistentvolumes", "pv", subresources=("status",)),
    _core("Pod", "pods", "po", subresources=("status", "log", "exec", "binding", "eviction",
    "ephemeralcontainers"), all_=ALL),
    _core("Service", "services", "svc", subresources=("status",), all_=ALL),
    _core("Endpoints", "endpoints", "ep"),
    _core("ConfigMap", "configmaps", "cm"),
    _core("Secret", "secrets"),
    _core("ServiceAccount", "serviceaccounts", "sa", subresources=("token",)),
    _core("Event", "events", "ev"),
    _core("PersistentVolumeClaim", "persistentvolumeclaims", "pvc", subresources=("status",)),
    _core("ReplicationController", "replicationcontrollers", "rc", subresources=SCALED, all_=ALL),
    _core("LimitRange", "limitranges", "limits"),
    _core("ResourceQuota", "resourcequotas", "quota", subresources=("status",)),
    _core("PodTemplate", "podtemplates"),
    _local("apps/v1", "Deployment", "deployments", "deploy", subresources=SCALED, all_=ALL),
    _local("apps/v1", "ReplicaSet", "replicasets", "rs", subresources=SCALED, all_=ALL),
    _local("apps/v1", "DaemonSet", "daemonsets", "ds", subresources=("status",), all_=ALL),
    _local("apps/v1", "StatefulSet", "statefulsets", "sts", subresources=SCALED, all_=ALL),
    _local("apps/v1", "ControllerRevision", "controllerrevisions"),
    _local("batch/v1", "Job", "jobs", subresources=("status",), all_=ALL),
    _local("batch/v1", "CronJob", "cronjobs", "cj", subresources=("status",), all_=ALL),
    _local("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa",
    subresources=("status",), all_=ALL),
    _global("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles"),
    _global("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings"),
    _local("rbac.authorization.k8s.io/v1", "Role", "roles"),
    _local("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings"),
    _local("discovery.k8s.io/v1", "EndpointSlice", "endpointslices"),
    _local("networking.k8s.io/v1", "Ingress", "ingresses", "ing", subresources=("status",)),
    _local("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", "netpol"),
    _global("networking.k8s.io/v1", "IngressClass", "ingressclasses"),
    _local("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", subresources=("status",)),
    _global("certificates.k8s.io/v1", "CertificateSigningRequest", "certificatesigningrequests", "csr",
            subresources=("status", "approval")),
    _local("coordination.k8s.io/v1", "Lease", "leases"),
    _global("storage.k8s.io/v1", "StorageClass", "storageclasses", "sc"),
    _global("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", "pc"),
    _global("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", "crd", "crds",
            subresources=("status",)),
)  # fmt: skip


def find_built_in(kind: str) -> Kind:
    return next(each for each in BUILT_IN if each.kind == kind)


def custom_kinds(definition: Mapping[str, Json]) -> tuple[Kind, ...]:
    """One for each served version of a CustomResourceDefinition."""
    spec = definition["spec"]
    names = spec["names"]
    return tuple(
        Kind(
            spec["group"],
            version["name"],
            names["kind"],
            names["plural"],
            spec["scope"] == "Namespaced",
            tuple(names.get("shortNames") or ()),
            tuple(version.get("subresources") or ()),
            tuple(names.get("categories") or ()),
            tuple(
                Column(each["name"], each["type"], each["jsonPath"])
                for each in version.get("additionalPrinterColumns") or ()
            ),
            custom=True,
        )
        for version in spec["versions"]
        if version.get("served", True)
    )
