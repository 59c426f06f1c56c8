"""Bays as the loader would give them, and secrets that are the same in every run."""

from __future__ import annotations

from magnumctl.blueprint.model import (
    Api,
    Bay,
    BootVolume,
    Container,
    ExistingNetwork,
    Kubernetes,
    NodeGroup,
    PublishedPort,
    Service,
    ServicePort,
)
from magnumctl.compiler import BayIdentity, CompiledBay, compile_bay
from magnumctl.pki import Authority, BaySecrets, DockerSecrets, KeyPair, KubernetesSecrets

IDENTITY = BayIdentity("0f6f1d1c-3c3b-4c52-9a53-6f0b7a3b9d11", "8d6a4b1ea0f94a6e", "203.0.113.7/32")
CA = """\
-----BEGIN CERTIFICATE-----
MIIBujCCAWCgAwIBAgIUPdAkABPmyqnU0hs5D22zsa0UPYkwCgYIKoZIzj0EAwIw
KTESMBAGA1UECgwJbWFnbnVtY3RsMRMwEQYDVQQDDAprdWJlcm5ldGVzMB4XDTI2
MTEyNDEwNDQ1N1oXDTM2MTEyMTExNDQ1N1owKTESMBAGA1UECgwJbWFnbnVtY3Rs
MRMwEQYDVQQDDAprdWJlcm5ldGVzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
o/faFdgIk67k00tvaeZ1CNNlIwM4jhHENBFoxD4DIuqX5A5LimDWAXJ/qweLfiws
z94h5NUXoSgOS0iQM93O3qNmMGQwHQYDVR0OBBYEFA8bfWN+sqPuZwCA6/OPe2Rj
AvDtMB8GA1UdIwQYMBaAFA8bfWN+sqPuZwCA6/OPe2RjAvDtMBIGA1UdEwEB/wQI
MAYBAf8CAQAwDgYDVR0PAQH/BAQDAgGGMAoGCCqGSM49BAMCA0gAMEUCIH+AZFD1
rzFwDvC9BRtLboUVvKL1lf0OLZNekJV/tYD7AiEAlucCZdnmkUy4GfFyIPja4jL5
PRHfwZRx4UeOBcpMXW0=
-----END CERTIFICATE-----
"""
"""A certificate whose key nobody has: kubeadm's discovery hash is made from it."""
KUBERNETES = BaySecrets(
    kubernetes=KubernetesSecrets(
        ca=Authority(certificate=CA, key="key of the ca\n"),
        etcd_ca=Authority(certificate="certificate of the etcd ca\n", key="key of the etcd ca\n"),
        front_proxy_ca=Authority(certificate="certificate of the front proxy ca\n", key="key of it\n"),
        service_account=KeyPair(public="public key of service accounts\n", key="key of service accounts\n"),
        bootstrap_token="abcdef.0123456789abcdef",
    )
)
DOCKER = BaySecrets(
    docker=DockerSecrets(
        client_ca=Authority(certificate="certificate of the client ca\n", key="never leaves the client\n"),
        nodes={
            f"workers-{number}": Authority(
                certificate=f"certificate of workers-{number}'s authority\n",
                key=f"key of workers-{number}'s authority\n",
            )
            for number in range(5)
        },
    )
)


def group(name: str, count: int, **fields: object) -> NodeGroup:
    names = tuple(f"{name}-{number}" for number in range(count))
    common = {"name": name, "role": "worker", "flavor": "m1.small", "image": "debian-12-kube"}
    return NodeGroup.model_validate({**common, "node_names": names, **fields})


def control_plane(count: int, **fields: object) -> NodeGroup:
    return group("control-plane", count, role="control_plane", flavor="m1.medium", **fields)


def kubernetes_bay(*groups: NodeGroup, **fields: object) -> Bay:
    common = {
        "name": "web",
        "baymodel": "k8s",
        "coe": "kubernetes",
        "external_network": "public",
        "dns_nameservers": ("192.0.2.53",),
        "kubernetes": Kubernetes(),
        "node_groups": groups or (control_plane(1), group("workers", 2)),
    }
    return Bay.model_validate({**common, **fields})


def docker_bay(*groups: NodeGroup, **fields: object) -> Bay:
    common = {
        "name": "edge",
        "baymodel": "docker-small",
        "coe": "docker",
        "external_network": "public",
        "node_groups": groups or (group("workers", 2, image="debian-12-docker"),),
    }
    return Bay.model_validate({**common, **fields})


def container(*ports: PublishedPort, name: str = "cache") -> Container:
    return Container(name=name, bay="edge", image="redis:8", ports=ports)


def service(*ports: ServicePort, name: str = "shop", kind: str = "NodePort") -> Service:
    return Service.model_validate(
        {"name": name, "bay": "web", "selector": {"app": "shop"}, "ports": ports, "type": kind}
    )


def compiled(
    bay: Bay,
    services: tuple[Service, ...] = (),
    containers: tuple[Container, ...] = (),
    secrets: BaySecrets | None = None,
) -> CompiledBay:
    theirs = KUBERNETES if bay.coe == "kubernetes" else DOCKER
    return compile_bay(bay, IDENTITY, secrets or theirs, services, containers)


REDIS = PublishedPort(container_port=6379, host_port=6379)
HTTP = ServicePort(port=80, target_port=8080, node_port=30080)
ANYWHERE = Api(endpoint="load-balancer", allowed_cidrs=("198.51.100.0/24", "0.0.0.0/0"))
SPREAD = group(
    "workers",
    2,
    image="debian-12-docker",
    labels={"tier": "front"},
    availability_zones=("north", "south"),
    boot_volume=BootVolume(size=20, type="fast"),
    policy="anti-affinity",
)
EXTRA = """\
#cloud-config
timezone: Europe/Paris
write_files:
  - path: /etc/motd
    content: |
      hello
runcmd:
  - [touch, /var/tmp/theirs]
"""


def golden_cases() -> dict[str, CompiledBay]:
    return {
        "docker": compiled(docker_bay(), containers=(container(REDIS),)),
        "kubernetes-floating-ip": compiled(kubernetes_bay(), services=(service(HTTP),)),
        "kubernetes-load-balancer": compiled(
            kubernetes_bay(control_plane(3), group("workers", 1, labels={"tier": "front"}), api=ANYWHERE)
        ),
        "private": compiled(
            kubernetes_bay(
                control_plane(1),
                external_network=None,
                api=Api(endpoint="private", allowed_cidrs=("10.0.0.0/8",)),
                kubernetes=Kubernetes(version="1.34.4", cni="none", install="packages"),
            )
        ),
        "existing-network": compiled(
            docker_bay(network=ExistingNetwork(existing="office", subnet="office-v4"), user_data=EXTRA)
        ),
        "boot-volume": compiled(docker_bay(SPREAD, keypair="ops")),
    }
