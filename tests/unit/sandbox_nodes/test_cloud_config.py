from __future__ import annotations

import base64
import gzip

import pytest

from magnumctl.sandbox.nodes.cloud_config import UserDataError, read_user_data

ENCODED = base64.b64encode(b"text").decode()
ZIPPED = base64.b64encode(gzip.compress(b"text")).decode()


@pytest.mark.parametrize(
    ("encoding", "content"), [("text/plain", "text"), ("b64", ENCODED), ("base64", ENCODED), ("gz+b64", ZIPPED)]
)
def test_files_are_written_in_every_encoding_of_cloud_init(encoding: str, content: str) -> None:
    """What write_files says in any encoding is the same file."""
    text = f"#cloud-config\nwrite_files: [{{path: /a, encoding: {encoding}, content: {content}}}]"
    assert read_user_data(text.encode()).files == {"/a": b"text"}


def test_gzipped_user_data_is_read_like_plain() -> None:
    """Terraform sends user-data gzipped."""
    text = b"#cloud-config\nwrite_files: [{path: /a, content: text}]"
    assert read_user_data(gzip.compress(text)) == read_user_data(text)


def test_a_script_is_no_cloud_config() -> None:
    """Other user-data is taken, and writes nothing."""
    assert read_user_data(b"#!/bin/sh\ntrue\n").files == {}


@pytest.mark.parametrize(
    "raw",
    [b"#cloud-config\n{", b"\x1f\x8bbroken", b"#cloud-config\nwrite_files: [{path: /a, encoding: b64, content: x}]"],
)
def test_broken_user_data_says_so(raw: bytes) -> None:
    """YAML, gzip and base64 that cannot be read are one kind of error, for the console."""
    with pytest.raises(UserDataError):
        read_user_data(raw)
