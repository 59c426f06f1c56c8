from __future__ import annotations


class EngineError(Exception):
    """An answer of the Docker Engine API other than success: HTTP status and the engine's own sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def no_such(kind: str, name: str) -> EngineError:
    return EngineError(404, f"No such {kind}: {name}")
