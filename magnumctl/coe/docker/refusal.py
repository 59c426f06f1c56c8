"""What a Docker engine says when it says no."""

from __future__ import annotations

from http import HTTPStatus

from magnumctl.errors import CoeError, WorkloadRejectedError


class Refused(CoeError):  # noqa: N818 a word of its own, caught only inside this package
    """`status` is the HTTP code, 0 when the refusal came inside a stream (pulls)."""

    def __init__(self, summary: str, *, status: int, message: str) -> None:
        super().__init__(summary, detail=message)
        self.status = status
        self.message = message

    @property
    def is_gone(self) -> bool:
        """No such container, or its removal is under way."""
        removing = self.status == HTTPStatus.CONFLICT and "removal" in self.message
        return self.status == HTTPStatus.NOT_FOUND or removing


def rejected(bay: str, container: str, node: str, refused: Refused) -> WorkloadRejectedError:
    return WorkloadRejectedError(
        f"bay {bay}: container {container} was refused by {node}",
        detail=refused.message,
        hint=hint_for(container, refused.message),
    )


def hint_for(container: str, message: str) -> str:
    if "port is already allocated" in message or "address already in use" in message:
        return f"choose another host port, or another node for container {container}"
    if "pull access denied" in message or "unauthorized" in message:
        return "check the image's name; a private registry needs docker login on this machine"
    if "is already in use by container" in message:
        return f"magnumctl did not make that one: remove it, or give container {container} another name"
    return f"magnumctl plan, after changing container {container} in the blueprint"
