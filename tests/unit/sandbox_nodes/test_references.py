from __future__ import annotations

import pytest

from magnumctl.sandbox.nodes.references import InvalidReferenceError, parse_reference, refusal


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.29", "docker.io/library/nginx:1.29"),
        ("docker.io/nginx", "docker.io/library/nginx:latest"),
        ("team/app:v1", "docker.io/team/app:v1"),
        ("localhost:5000/app", "localhost:5000/app:latest"),
        ("quay.io/team/app:v1", "quay.io/team/app:v1"),
    ],
)
def test_a_reference_means_what_docker_takes_it_for(text: str, canonical: str) -> None:
    """Registry, library and tag are filled in."""
    assert parse_reference(text).canonical == canonical


@pytest.mark.parametrize("text", ["", "UPPER", "a:b:c", "nginx:", "-x", "a@sha256:12"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    """In Docker's words."""
    with pytest.raises(InvalidReferenceError, match="invalid reference format"):
        parse_reference(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("nginx:1.29", ""),
        ("nope", "pull access denied"),
        ("nginx:missing", "manifest unknown"),
        ("registry.invalid/app", "no such host"),
    ],
)
def test_a_registry_refuses_what_it_does_not_have(text: str, word: str) -> None:
    """The image, the tag, the registry itself."""
    assert word in refusal(parse_reference(text))
    assert bool(word) == bool(refusal(parse_reference(text)))
