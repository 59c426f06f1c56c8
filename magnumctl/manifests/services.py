"""A blueprint's service as a Kubernetes Service."""

from __future__ import annotations

from typing import Any

from magnumctl.blueprint.model import Service, ServicePort

Body = dict[str, Any]


def service_body(service: Service) -> Body:
    named = len(service.ports) > 1
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": service.name,
            "namespace": service.namespace,
            "labels": dict(service.labels),
        },
        "spec": {
            "type": service.type,
            "selector": dict(service.selector),
            "ports": [port(each) if not named else named_port(each) for each in service.ports],
        },
    }


def port(wish: ServicePort) -> Body:
    optional = {"name": wish.name, "nodePort": wish.node_port}
    return {
        "port": wish.port,
        "targetPort": wish.target_port,
        "protocol": wish.protocol,
        **{key: value for key, value in optional.items() if value is not None},
    }


def named_port(wish: ServicePort) -> Body:
    """Kubernetes asks for names where a service has several ports."""
    return {"name": f"{wish.protocol.lower()}-{wish.port}", **port(wish)}
