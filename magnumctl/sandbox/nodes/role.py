"""What a node is for, as its user-data says."""

from __future__ import annotations

from typing import Protocol

from magnumctl.sandbox.nodes.listener import Service


class Role(Protocol):
    @property
    def port(self) -> int:
        """Where its API listens; 0 when it has none."""

    def begin(self) -> None:
        """Act on the user-data, once; UserDataError when that cannot be done."""

    def resume(self) -> None:
        """The node runs again after a stop."""

    def halt(self) -> None: ...

    def leave(self) -> None:
        """The node is deleted."""

    def service(self) -> Service | None:
        """None while the API does not answer."""


class Plain:
    """A server whose user-data makes it part of no bay."""

    port = 0

    def begin(self) -> None: ...

    def resume(self) -> None: ...

    def halt(self) -> None: ...

    def leave(self) -> None: ...

    def service(self) -> Service | None:
        return None
