"""A node whose user-data makes it part of a Kubernetes bay: what kubeadm init and kubeadm join do."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import yaml

from magnumctl.sandbox.fabric import BootedServer
from magnumctl.sandbox.nodes.certificates import Credential, issue_serving, optional_client_context
from magnumctl.sandbox.nodes.clock import Clock
from magnumctl.sandbox.nodes.cloud_config import CloudConfig, UserDataError
from magnumctl.sandbox.nodes.console import Console
from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.kubernetes.bays import Bay, Bays
from magnumctl.sandbox.nodes.kubernetes.bootstrap_tokens import token_secret
from magnumctl.sandbox.nodes.kubernetes.cluster import ClusterConfig, Member
from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.membership import NODE, lose, register
from magnumctl.sandbox.nodes.kubernetes.objects import at, ready
from magnumctl.sandbox.nodes.listener import Service

KUBEADM = "/etc/magnumctl/kubeadm.yaml"
MINOR = "/etc/magnumctl/kubernetes-minor"
MANIFESTS = "/etc/magnumctl/manifests/"
PKI = "/etc/kubernetes/pki"
RETRY_SECONDS, JOIN_SECONDS = 0.3, 900.0
CONTROL_PLANE_TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
DEFAULT_MINOR, PATCH = "1.34", "4"


class KubernetesNode:
    def __init__(self, server: BootedServer, config: CloudConfig, bays: Bays, clock: Clock, console: Console) -> None:
        self._server = server
        self._config = config
        self._bays = bays
        self._clock = clock
        self._console = console
        self._documents = _documents(config.text(KUBEADM))
        self._bay: Bay | None = None
        self._member = self._as_member()
        self._service: Service | None = None
        self._on = False
        self._left = False

    @classmethod
    def recognises(cls, config: CloudConfig) -> bool:
        return config.has(KUBEADM)

    @property
    def port(self) -> int:
        """Workers have no API."""
        return 6443 if self._member.control_plane else 0

    def _as_member(self) -> Member:
        registration: Json = next(
            (each["nodeRegistration"] for each in self._documents.values() if "nodeRegistration" in each), {}
        )
        arguments = {each["name"]: str(each["value"]) for each in registration.get("kubeletExtraArgs") or ()}
        labels = dict(each.split("=", 1) for each in arguments.get("node-labels", "").split(",") if "=" in each)
        leads = "InitConfiguration" in self._documents or "controlPlane" in self._documents.get("JoinConfiguration", {})
        taints = registration.get("taints")
        fixed = next(iter(self._server.fixed_ips), "127.0.0.1")
        return Member(
            name=str(registration.get("name") or self._server.name),
            address=arguments.get("node-ip", fixed),
            labels=labels,
            taints=list(taints if taints is not None else [CONTROL_PLANE_TAINT] if leads else []),
            control_plane=leads,
        )

    def begin(self) -> None:
        self._on = True
        self._console.say("magnumctl: stage 1/3 image")
        if "InitConfiguration" in self._documents:
            self._console.say("magnumctl: stage 2/3 init")
            self._init()
        else:
            self._console.say("magnumctl: stage 2/3 join")
            self._join(JOIN_SECONDS)

    def _init(self) -> None:
        self._bay = Bay(self._cluster_config(), self._clock)
        self._serve()
        for wish in self._documents["InitConfiguration"].get("bootstrapTokens") or ():
            self._bay.apply(token_secret(wish, dt.datetime.now(dt.UTC)))
        self._bays.add(self._bay)
        register(self._bay.cluster, self._member)
        self._console.say("magnumctl: stage 3/3 manifests")
        for path in self._config.under(MANIFESTS):
            for document in yaml.safe_load_all(self._config.text(path)):
                self._apply(self._bay, path, document)
        self._console.say("Your Kubernetes control-plane has initialized successfully!")

    def _apply(self, bay: Bay, path: str, document: Any) -> None:
        try:
            for body in document["items"] if document and document.get("kind") == "List" else [document]:
                if body:
                    bay.apply(body)
        except ApiError as exc:
            raise UserDataError(f"manifests: {path}: {exc.message}") from exc

    def _cluster_config(self) -> ClusterConfig:
        cluster = self._documents.get("ClusterConfiguration", {})
        minor = self._config.text(MINOR).strip() if self._config.has(MINOR) else DEFAULT_MINOR
        version = str(cluster.get("kubernetesVersion") or "")
        return ClusterConfig(
            name=str(cluster.get("clusterName") or "kubernetes"),
            version=version if re.match(r"^v\d+\.\d+\.\d+$", version) else f"v{minor.removeprefix('v')}.{PATCH}",
            pod_network=at(cluster, "networking.podSubnet", "10.244.0.0/16"),
            service_network=at(cluster, "networking.serviceSubnet", "10.96.0.0/12"),
            endpoint=str(cluster.get("controlPlaneEndpoint") or f"{self._member.address}:6443"),
            ca=self._config.text(f"{PKI}/ca.crt"),
            certificate_names=tuple(str(each) for each in at(cluster, "apiServer.certSANs", [])),
        )

    def _serve(self) -> None:
        """The API server's names as kubeadm has them: its own, the service's, the endpoint's, those asked for."""
        assert self._bay is not None  # noqa: S101 - for the type checker
        config = self._bay.config
        service = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")
        own = [
            self._member.name,
            self._member.address,
            *self._server.floating_addresses,
            self._bay.cluster.services.first,
        ]
        addresses = [*own, *service, config.endpoint.rpartition(":")[0], *config.certificate_names]
        authority = Credential(config.ca, self._config.text(f"{PKI}/ca.key"))
        serving = issue_serving(authority, "kube-apiserver", addresses)
        self._service = Service(optional_client_context(serving, config.ca), self._bay.api)

    def _join(self, seconds: float) -> None:
        """Again and again until the cluster is there, as kubeadm does for its discovery timeout."""
        if self._left or self._bay is not None:
            return
        wish = at(self._documents, "JoinConfiguration.discovery.bootstrapToken", {})
        hashes = frozenset(wish.get("caCertHashes") or ())
        bay, reason = self._bays.find(str(wish.get("apiServerEndpoint")), str(wish.get("token")), hashes)
        if bay is not None and self._is_taken(bay):
            said = f'a Node with name "{self._member.name}" and status "Ready" already exists in the cluster'
            self._console.say(f"magnumctl: failed: join: {said}")
        elif bay is not None:
            self._enter(bay)
        elif seconds > 0:
            self._clock.after(RETRY_SECONDS, lambda: self._join(seconds - RETRY_SECONDS))
        else:
            self._console.say(f"magnumctl: failed: join: {reason}")

    def _is_taken(self, bay: Bay) -> bool:
        node = bay.cluster.store.find(NODE, "", self._member.name)
        return node is not None and ready(node)

    def _enter(self, bay: Bay) -> None:
        self._bay = bay
        if self._member.control_plane:
            self._serve()
        self._console.say("This node has joined the cluster")
        if self._on:
            register(bay.cluster, self._member)

    def resume(self) -> None:
        self._on = True
        if self._bay is not None:
            register(self._bay.cluster, self._member)
            self._bay.cluster.look_again(0.0)

    def halt(self) -> None:
        self._on = False
        if self._bay is not None:
            self._bay.kubelets.node_stopped(self._member.name)
            lose(self._bay.cluster, self._member)

    def leave(self) -> None:
        """The last control plane takes the cluster with it."""
        self._left = True
        if self._bay is None:
            return
        self._bay.cluster.members.pop(self._member.name, None)
        if not any(member.control_plane for member in self._bay.cluster.members.values()):
            self._bays.remove(self._bay)

    def service(self) -> Service | None:
        return self._service


def _documents(text: str) -> dict[str, Json]:
    """By kind. UserDataError when it is no YAML."""
    try:
        return {each["kind"]: each for each in yaml.safe_load_all(text) if isinstance(each, dict) and "kind" in each}
    except yaml.YAMLError as exc:
        raise UserDataError(f"kubeadm.yaml: {exc}") from exc
