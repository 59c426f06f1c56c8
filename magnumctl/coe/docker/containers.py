"""The containers of one bay, each by its name in the blueprint, wherever it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from magnumctl.coe.contract import WorkloadStatus
from magnumctl.coe.details import ContainerDetail, Deed
from magnumctl.coe.logs import Logs, LogWish
from magnumctl.coe.sessions import ExecWish, Piece, Session
from magnumctl.errors import WorkloadNotFoundError, WorkloadRejectedError

from .deeds import Verb, do
from .lookup import Found, found
from .refusal import Refused, rejected
from .statuses import seen, state_of

if TYPE_CHECKING:
    from .engine import Engine

Json = Mapping[str, Any]
NEVER = "0001-01-01T00:00:00Z"


class Containers:
    """WorkloadNotFoundError for a name that the bay does not hold."""

    def __init__(self, bay: str, engines: Sequence[Engine], bay_uuid: str) -> None:
        self._bay = bay
        self._engines = engines
        self._uuid = bay_uuid

    def names(self) -> tuple[str, ...]:
        """Of the nodes that answer; CoeUnreachableError when none does."""
        seen_there, trouble = found(self._engines, self._uuid)
        if trouble and not seen_there:
            raise trouble
        return tuple(sorted(seen_there))

    def show(self, name: str) -> ContainerDetail:
        it = self._find(name)
        status, _ = seen(it.live, state_of(it.engine, it.live))
        return detail(status, it.engine.inspect(it.live.id))

    def do(self, verb: Verb, name: str) -> Deed:
        return do(self._bay, verb, self._find(name))

    def logs(self, name: str, wish: LogWish) -> Logs:
        it = self._find(name)
        return {name: self._pieces(it, wish)}

    def exec(self, name: str, wish: ExecWish) -> Session:
        from .exec_session import ExecSession  # noqa: PLC0415 the `docker` package takes a tenth of a second to import

        it = self._find(name)
        try:
            return ExecSession(it.engine, it.live.id, wish)
        except Refused as exc:
            raise WorkloadRejectedError(
                f"bay {self._bay}: no command can run in container {name}",
                detail=exc.message,
                hint=f"magnumctl container show {name} --bay {self._bay}",
            ) from exc

    def _pieces(self, it: Found, wish: LogWish) -> Iterator[Piece]:
        from .frames import Frames, Plain  # noqa: PLC0415

        frames = Plain() if it.engine.inspect(it.live.id)["Config"]["Tty"] else Frames()
        try:
            for content in it.engine.logs(it.live.id, wish):
                yield from frames.pieces(content)
        except Refused as exc:
            raise rejected(self._bay, it.live.wish_name, it.live.node, exc) from exc

    def _find(self, name: str) -> Found:
        seen_there, trouble = found(self._engines, self._uuid)
        if name in seen_there:
            return seen_there[name]
        if trouble:
            raise trouble
        raise WorkloadNotFoundError(
            f"bay {self._bay} holds no container {name}",
            detail=f"it holds {', '.join(sorted(seen_there)) or 'none'}",
            hint="magnumctl apply, when the blueprint has it",
        )


def detail(status: WorkloadStatus, inspected: Json) -> ContainerDetail:
    state, settings = inspected["State"], inspected["Config"]
    networks = (inspected["NetworkSettings"].get("Networks") or {}).values()
    return ContainerDetail(
        status=status,
        id=inspected["Id"],
        engine_state=state["Status"],
        created_at=inspected["Created"],
        started_at=moment(state["StartedAt"]),
        finished_at=moment(state["FinishedAt"]),
        exit_code=state["ExitCode"],
        restarts=inspected["RestartCount"],
        restart=inspected["HostConfig"]["RestartPolicy"]["Name"],
        command=(*(settings.get("Entrypoint") or ()), *(settings.get("Cmd") or ())),
        ports=tuple(published(inspected["NetworkSettings"].get("Ports") or {})),
        address=next((each["IPAddress"] for each in networks if each.get("IPAddress")), ""),
    )


def moment(text: str) -> str:
    return "" if text == NEVER else text


def published(ports: Mapping[str, Sequence[Json] | None]) -> Iterator[str]:
    for port, bindings in ports.items():
        for each in bindings or ():
            yield f"{each['HostIp']}:{each['HostPort']}->{port}"
