"""A blueprint's pod as a Kubernetes Pod or, with `replicas`, a Deployment."""

from __future__ import annotations

from typing import Any

from magnumctl.blueprint.model import Pod, PodContainer

from .marks import POD

Body = dict[str, Any]


def pod_body(pod: Pod) -> Body:
    return single_pod(pod) if pod.replicas is None else deployment(pod)


def single_pod(pod: Pod) -> Body:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata(pod), "spec": pod_spec(pod)}


def deployment(pod: Pod) -> Body:
    """The selector is our own mark alone: it cannot be changed later, the user's labels can."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(pod),
        "spec": {
            "replicas": pod.replicas,
            "selector": {"matchLabels": {POD: pod.name}},
            "template": {"metadata": {"labels": {**pod.labels, POD: pod.name}}, "spec": pod_spec(pod)},
        },
    }


def metadata(pod: Pod) -> Body:
    return {"name": pod.name, "namespace": pod.namespace, "labels": dict(pod.labels)}


def pod_spec(pod: Pod) -> Body:
    return {"containers": [container(each) for each in pod.containers]}


def container(wish: PodContainer) -> Body:
    """Fields that the blueprint leaves out are left to Kubernetes, and to whoever else sets them."""
    optional: Body = {
        "command": list(wish.command),
        "args": list(wish.args),
        "env": [{"name": name, "value": value} for name, value in wish.env.items()],
        "ports": [port(each.container_port, each.protocol, each.name) for each in wish.ports],
    }
    return {
        "name": wish.name,
        "image": wish.image,
        # the end of the log becomes the reason that a crash is reported with
        "terminationMessagePolicy": "FallbackToLogsOnError",
        **{key: value for key, value in optional.items() if value},
    }


def port(number: int, protocol: str, name: str | None) -> Body:
    body: Body = {"containerPort": number, "protocol": protocol}
    return body if name is None else {**body, "name": name}
