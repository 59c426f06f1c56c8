"""The images a Docker node holds, and what its registries would give."""

from __future__ import annotations

import io
import json
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from magnumctl.sandbox.nodes.docker.errors import EngineError
from magnumctl.sandbox.nodes.docker.times import stamp
from magnumctl.sandbox.nodes.http import Json
from magnumctl.sandbox.nodes.references import (
    InvalidReferenceError,
    Reference,
    image_id,
    parse_reference,
    refusal,
    repository_digest,
)

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SIZE = 42_000_000
SHORTEST_ID = 4


@dataclass
class Image:
    id: str
    tags: list[str]
    digests: list[str]
    config: Json
    created: float = field(default_factory=time.time)

    def summary(self) -> Json:
        return {
            "Id": self.id, "ParentId": "", "RepoTags": self.tags, "RepoDigests": self.digests,
            "Created": int(self.created),
            "Size": SIZE, "SharedSize": -1, "Labels": self.config.get("Labels") or None, "Containers": -1,
        }  # fmt: skip

    def view(self) -> Json:
        return {
            "Id": self.id, "RepoTags": self.tags, "RepoDigests": self.digests, "Parent": "", "Comment": "",
            "Created": stamp(self.created), "DockerVersion": "", "Author": "", "Config": self.config,
            "Architecture": "amd64", "Os": "linux", "Size": SIZE, "GraphDriver": {"Data": {}, "Name": "overlay2"},
            "RootFS": {"Type": "layers", "Layers": [self.id]}, "Metadata": {"LastTagTime": stamp(self.created)},
        }  # fmt: skip


def usual_config(program: str) -> Json:
    """What the public images of these names start."""
    entrypoint: list[str] | None = None
    command, ports = ["/bin/" + program], []
    match program:
        case "nginx":
            entrypoint, command, ports = ["/docker-entrypoint.sh"], ["nginx", "-g", "daemon off;"], ["80/tcp"]
        case "redis":
            entrypoint, command, ports = ["docker-entrypoint.sh"], ["redis-server"], ["6379/tcp"]
        case "postgres":
            entrypoint, command, ports = ["docker-entrypoint.sh"], ["postgres"], ["5432/tcp"]
        case "httpd":
            command, ports = ["httpd-foreground"], ["80/tcp"]
        case "hello-world":
            command = ["/hello"]
        case "busybox" | "alpine" | "debian" | "ubuntu":
            command = ["sh"]
    return image_config(command, entrypoint, ports)


def image_config(command: list[str], entrypoint: list[str] | None, ports: list[str]) -> Json:
    return {
        "Hostname": "", "Domainname": "", "User": "", "AttachStdin": False, "AttachStdout": False,
        "AttachStderr": False,
        "ExposedPorts": {port: {} for port in ports} or None, "Tty": False, "OpenStdin": False, "StdinOnce": False,
        "Env": [PATH], "Cmd": command, "Image": "", "Volumes": None, "WorkingDir": "", "Entrypoint": entrypoint,
        "OnBuild": None, "Labels": {},
    }  # fmt: skip


def reference_of(text: str) -> Reference:
    try:
        return parse_reference(text)
    except InvalidReferenceError as exc:
        raise EngineError(400, str(exc)) from exc


class ImageStore:
    def __init__(self) -> None:
        self._images: dict[str, Image] = {}

    def all(self) -> tuple[Image, ...]:
        return tuple(self._images.values())

    def find(self, name: str) -> Image:
        """By reference, id or the beginning of an id."""
        wanted = name.removeprefix("sha256:")
        for image in self._images.values():
            short = image.id.removeprefix("sha256:")
            if image.id == name or (len(wanted) >= SHORTEST_ID and short.startswith(wanted)):
                return image
        reference = reference_of(name)
        for image in self._images.values():
            if reference.familiar in {*image.tags, *image.digests}:
                return image
        raise EngineError(404, f"No such image: {reference.familiar}")

    def pull(self, reference: Reference) -> Iterator[Json]:
        """What the engine says while it pulls; EngineError before the first word when the registry refuses."""
        if reason := refusal(reference):
            raise EngineError(500 if "dial tcp" in reason else 404, reason)
        return self._pulling(reference)

    def _pulling(self, reference: Reference) -> Iterator[Json]:
        identity = image_id(reference)
        known = identity in self._images
        yield {"status": f"Pulling from {reference.repository}", "id": reference.tag or reference.digest}
        if not known:
            yield {"status": "Pull complete", "progressDetail": {}, "id": identity[7:19]}
            self._add_pulled(reference)
        yield {"status": f"Digest: {repository_digest(reference)}"}
        word = "Image is up to date" if known else "Downloaded newer image"
        yield {"status": f"Status: {word} for {reference.familiar}"}

    def _add_pulled(self, reference: Reference) -> None:
        tags = [] if reference.digest else [reference.familiar]
        digests = [f"{reference.name}@{repository_digest(reference)}"]
        self._untag(reference.familiar)
        image = Image(image_id(reference), tags, digests, usual_config(reference.program))
        self._images[image.id] = image

    def tag(self, name: str, target: str) -> None:
        image, reference = self.find(name), reference_of(target)
        self._untag(reference.familiar)
        image.tags.append(reference.familiar)

    def _untag(self, familiar: str) -> None:
        for image in self._images.values():
            if familiar in image.tags:
                image.tags.remove(familiar)

    def remove(self, name: str, used_by: str, force: bool) -> list[Json]:
        """`used_by` is the id of a container that needs it, or empty."""
        image = self.find(name)
        by_tag = reference_of(name).familiar if not image.id.removeprefix("sha256:").startswith(name) else ""
        if by_tag in image.tags and len(image.tags) > 1:
            image.tags.remove(by_tag)
            return [{"Untagged": by_tag}]
        if used_by and not force:
            raise EngineError(409, _in_use(name, by_tag, used_by, image))
        del self._images[image.id]
        return [*({"Untagged": tag} for tag in (*image.tags, *image.digests)), {"Deleted": image.id}]

    def load(self, archive: bytes) -> Iterator[str]:
        """The references (or ids) of a `docker save` archive."""
        try:
            with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
                for entry in json.load(_member(tar, "manifest.json")):
                    yield self._load(entry, json.load(_member(tar, entry["Config"])))
        except (tarfile.TarError, KeyError, ValueError) as exc:
            raise EngineError(400, f"invalid archive: {exc}") from exc

    def _load(self, entry: Json, config: Json) -> str:
        tags = list(entry.get("RepoTags") or [])
        identity = "sha256:" + entry["Config"].rsplit("/", 1)[-1].removesuffix(".json")
        for tag in tags:
            self._untag(tag)
        merged = image_config([], None, []) | (config.get("config") or {})
        self._images[identity] = Image(identity, tags, [], merged)
        return str(tags[0]) if tags else identity


def _in_use(name: str, by_tag: str, used_by: str, image: Image) -> str:
    if by_tag:
        reason = f"container {used_by[:12]} is using its referenced image {image.id[7:19]}"
        return f'conflict: unable to remove repository reference "{name}" (must force) - {reason}'
    reason = f"image is being used by running container {used_by[:12]}"
    return f"conflict: unable to delete {image.id[7:19]} (cannot be forced) - {reason}"


def _member(tar: tarfile.TarFile, name: str) -> Any:
    extracted = tar.extractfile(name)
    if extracted is None:
        raise KeyError(name)
    return extracted
