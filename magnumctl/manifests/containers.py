"""A blueprint's containers as wishes to Docker engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from magnumctl.blueprint.model import Container, PublishedPort
from magnumctl.errors import BlueprintError

from .marks import CONTAINER, DIGEST, digest_of, marks

Restart = Literal["no", "always", "unless-stopped", "on-failure"]


@dataclass(frozen=True)
class ContainerWish:
    """`labels` hold our marks and the digest, which leaves out `node`: where it runs, it may be pinned."""

    name: str
    image: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    ports: tuple[PublishedPort, ...]
    restart: Restart
    labels: Mapping[str, str]
    node: str | None
    digest: str


def container_wishes(bay_name: str, bay_uuid: str, containers: Sequence[Container]) -> tuple[ContainerWish, ...]:
    """What the bay must hold; BlueprintError for a name that Docker does not take."""
    for each in containers:
        refuse_short_name(bay_name, each.name)
    return tuple(container_wish(bay_uuid, each) for each in containers)


def refuse_short_name(bay_name: str, name: str) -> None:
    if len(name) < 2:  # noqa: PLR2004 Docker: [a-zA-Z0-9][a-zA-Z0-9_.-]+
        raise BlueprintError(
            f"bay {bay_name}: the container {name} needs a longer name",
            detail="Docker takes names of two characters or more",
        )


def container_wish(bay_uuid: str, container: Container) -> ContainerWish:
    digest = digest_of(specification(container))
    labels = {**container.labels, **marks(bay_uuid, CONTAINER, container.name), DIGEST: digest}
    return ContainerWish(
        name=container.name,
        image=container.image,
        command=container.command,
        env=container.env,
        ports=container.ports,
        restart=container.restart,
        labels=labels,
        node=container.node,
        digest=digest,
    )


def specification(container: Container) -> dict[str, Any]:
    return container.model_dump(mode="json", exclude={"node", "bay"})
