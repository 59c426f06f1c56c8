"""Kinds that a manifest brings along, on a real API server."""

from __future__ import annotations

import uuid

from magnumctl.blueprint.model import Pod
from magnumctl.coe.kubernetes import KubernetesBay
from magnumctl.manifests import kubernetes_objects
from tests.components.kube_apiserver import ApiServer

TEXT = """
apiVersion: example.com/v1
kind: Widget
metadata: {name: first}
spec: {size: 3}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""


def test_a_definition_and_its_objects_are_pushed_together(kube_apiserver: ApiServer) -> None:
    """The kind comes first whatever the order in the manifest; the object goes before its kind."""
    bay_uuid = str(uuid.uuid4())
    bay = KubernetesBay(kube_apiserver.address, kube_apiserver.port, kube_apiserver.admin, "web", bay_uuid)
    wishes = kubernetes_objects("web", bay_uuid, [Pod(name="widgets", bay="web", manifest=TEXT)], [])
    assert [change.action for change in bay.plan(wishes)] == ["create"]
    bay.push(wishes, print)
    bay.wait_for_workloads(wishes, 20, print)
    assert [change.action for change in bay.plan(wishes)] == ["none"]
    bay.push((), print)
    assert bay.plan(()) == ()
