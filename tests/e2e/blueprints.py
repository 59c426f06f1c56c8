"""The blueprints of the stories, with what differs between the clouds left open."""

from __future__ import annotations

from textwrap import dedent


def docker_bay(cidr: str, *, nodes: int = 2, image: str = "redis:8", workloads: bool = True) -> str:
    text = f"""
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
    """
    pushed = f"""
    containers:
      cache: {{bay: edge, image: "{image}", ports: ["6379:6379"], restart: always, node: workers-0}}
      web: {{bay: edge, image: "nginx:1.29", env: {{MODE: prod}}}}
    """
    return dedent(text) + (dedent(pushed) if workloads else "")


def kubernetes_bay(
    cidr: str, *, endpoint: str = "floating-ip", workers: int = 1, replicas: int = 2, workloads: bool = True
) -> str:
    control_plane = 3 if endpoint == "load-balancer" else 1
    text = f"""
    version: 1
    baymodels:
      k8s-small:
        coe: kubernetes
        image: debian-12-kube
        flavor: m1.small
        external_network: public
        network: {{cidr: 10.30.0.0/24}}
        api: {{endpoint: {endpoint}, allowed_cidrs: [{cidr}]}}
    bays:
      web:
        baymodel: k8s-small
        control_plane: {control_plane}
        nodes: {workers}
    """
    pushed = f"""
    pods:
      nginx: {{bay: web, image: "nginx:1.29", ports: [80], labels: {{app: nginx}}, replicas: {replicas}}}
      one: {{bay: web, image: "busybox:1.37", command: [sleep, infinity]}}
    services:
      nginx: {{bay: web, selector: {{app: nginx}}, ports: [{{port: 80, target_port: 80}}]}}
    """
    return dedent(text) + (dedent(pushed) if workloads else "")
