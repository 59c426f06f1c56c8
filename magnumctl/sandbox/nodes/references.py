"""Image references, and which of them the sandbox's registries hold."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

ABSENT = re.compile(r"missing|nope|no-such|nosuch|nonexist|not-exist|notfound|not-found|unknown|nothing", re.IGNORECASE)
NAME = re.compile(r"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$")
TAG = re.compile(r"^\w[\w.-]{0,127}$", re.ASCII)
DIGEST = re.compile(r"^sha256:[0-9a-f]{64}$")
UNRESOLVABLE = (".invalid", ".example", ".test")


class InvalidReferenceError(ValueError):
    pass


@dataclass(frozen=True)
class Reference:
    """`name` as a person writes it (`nginx`), `repository` as the registry knows it (`library/nginx`)."""

    name: str
    registry: str
    repository: str
    tag: str
    digest: str

    @property
    def familiar(self) -> str:
        return f"{self.name}@{self.digest}" if self.digest else f"{self.name}:{self.tag}"

    @property
    def program(self) -> str:
        return self.repository.rsplit("/", 1)[-1]

    @property
    def canonical(self) -> str:
        return f"{self.registry}/{self.repository}:{self.tag or self.digest}"


def parse_reference(text: str) -> Reference:
    """Raises InvalidReferenceError with Docker's own words."""
    rest, _, digest = text.partition("@")
    name, tag = _tagged(rest)
    registry, repository = _located(name)
    if repository != repository.lower():
        raise InvalidReferenceError(f"invalid reference format: repository name ({repository}) must be lowercase")
    well_formed = NAME.match(repository) and TAG.match(tag) and (not digest or DIGEST.match(digest))
    if not well_formed:
        raise InvalidReferenceError("invalid reference format")
    familiar = name.removeprefix("docker.io/").removeprefix("library/")
    return Reference(familiar, registry, repository, "" if digest else tag, digest)


def _tagged(rest: str) -> tuple[str, str]:
    head, colon, tail = rest.rpartition(":")
    return (head, tail) if colon and "/" not in tail else (rest, "latest")


def _located(name: str) -> tuple[str, str]:
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return (first, rest) if first != "docker.io" or "/" in rest else (first, f"library/{rest}")
    return "docker.io", name if slash else f"library/{name}"


def refusal(reference: Reference) -> str:
    """Why the registry does not give it, in Docker's words; empty when it does."""
    if reference.registry.endswith(UNRESOLVABLE):
        host = reference.registry
        return f'Get "https://{host}/v2/": dial tcp: lookup {host}: no such host'
    if ABSENT.search(reference.repository):
        return (
            f"pull access denied for {reference.name}, repository does not exist or may require 'docker login':"
            " denied: requested access to the resource is denied"
        )
    if ABSENT.search(reference.tag):
        return f"manifest for {reference.familiar} not found: manifest unknown: manifest unknown"
    return ""


def image_id(reference: Reference) -> str:
    return "sha256:" + hashlib.sha256(reference.canonical.encode()).hexdigest()


def repository_digest(reference: Reference) -> str:
    return reference.digest or "sha256:" + hashlib.sha256(b"manifest " + reference.canonical.encode()).hexdigest()
