"""The blueprints of the stories; allowed_cidrs lets in this machine alone."""

from __future__ import annotations

from textwrap import dedent


def docker_bay(cidr: str, *, nodes: int = 2, mode: str = "one") -> str:
    return dedent(f"""
    version: 1
    baymodels:
      docker-small:
        coe: docker
        image: debian-12-docker
        flavor: m1.small
        external_network: public
        api: {{allowed_cidrs: [{cidr}]}}
    bays:
      edge:
        baymodel: docker-small
        nodes: {nodes}
    containers:
      cache: {{bay: edge, image: "redis:8", ports: ["6379:6379"], restart: always, node: workers-0}}
      web: {{bay: edge, image: "nginx:1.29", ports: ["8080:80"], env: {{MODE: {mode}}}, node: workers-1}}
    """)


def kubernetes_bay(
    cidr: str, *, endpoint: str = "floating-ip", control_plane: int = 1, workers: str = "2", replicas: int = 2
) -> str:
    """`workers` as in `nodes: {workers: ...}`."""
    return dedent(f"""
    version: 1
    baymodels:
      k8s-small:
        coe: kubernetes
        image: debian-12-kube
        flavor: m1.medium
        external_network: public
        network: {{cidr: 10.30.0.0/24}}
        api: {{endpoint: {endpoint}, allowed_cidrs: [{cidr}]}}
    bays:
      web:
        baymodel: k8s-small
        control_plane: {control_plane}
        nodes: {{workers: {workers}}}
    pods:
      web: {{bay: web, image: "nginx:1.29", ports: [80], labels: {{app: web}}, replicas: {replicas}}}
      asker: {{bay: web, image: "busybox:1.37", command: [sleep, infinity]}}
    services:
      web: {{bay: web, selector: {{app: web}}, ports: [{{port: 80}}]}}
      web-outside:
        {{bay: web, type: NodePort, selector: {{app: web}}, ports: [{{port: 80, node_port: 30080}}]}}
    """)
