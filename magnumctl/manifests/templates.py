"""Marks on the pods that Kubernetes makes from a pod template, so that they can be found and told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .marks import POD, TEMPLATE, digest_of, marks

Body = Mapping[str, Any]
TEMPLATED = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "ReplicationController"})


def with_template_marks(body: Body, bay_uuid: str, pod_name: str) -> Body:
    """The same object if it has no pod template."""
    spec = body.get("spec")
    if body["kind"] not in TEMPLATED or not isinstance(spec, Mapping) or "template" not in spec:
        return body
    template = spec["template"] or {}
    metadata = template.get("metadata") or {}
    marked = {
        **metadata,
        "labels": {**(metadata.get("labels") or {}), **marks(bay_uuid, POD, pod_name)},
        "annotations": {**(metadata.get("annotations") or {}), TEMPLATE: digest_of(template)[:16]},
    }
    return {**body, "spec": {**spec, "template": {**template, "metadata": marked}}}
