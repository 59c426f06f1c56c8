from __future__ import annotations

import pytest

from magnumctl.sandbox.nodes.kubernetes.failures import ApiError
from magnumctl.sandbox.nodes.kubernetes.protobuf import MAGIC, from_protobuf


def field(number: int, payload: bytes) -> bytes:
    return bytes([number << 3 | 2, len(payload)]) + payload


def unknown(kind: str, raw: bytes) -> bytes:
    return MAGIC + field(1, field(1, b"v1") + field(2, kind.encode())) + field(2, raw)


def test_a_config_map_of_kubectl_create_is_read() -> None:
    """Name and data; empty texts are left out as JSON would."""
    raw = field(1, field(1, b"a") + field(3, b"")) + field(2, field(1, b"key") + field(2, b"value"))
    expected = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"key": "value"}}
    assert from_protobuf(unknown("ConfigMap", raw)) == expected


@pytest.mark.parametrize(("body", "code"), [(unknown("Lease", b""), 415), (b"{}", 400), (MAGIC + b"\x0a\xff", 400)])
def test_what_cannot_be_read_is_said(body: bytes, code: int) -> None:
    """A kind that is not in the table, and bytes that are no protobuf."""
    with pytest.raises(ApiError) as refused:
        from_protobuf(body)
    assert refused.value.code == code
