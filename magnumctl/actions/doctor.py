"""Doctor: each thing that an apply needs, its state, and the command that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from magnumctl.errors import LedgerError, MagnumctlError
from magnumctl.identity import Identity, connect
from magnumctl.toolchain.engines import find_engine
from magnumctl.toolchain.providers import provider_state

from .clients import Settings, cloud_of, open_ledger, recorded_clouds
from .reports import DoctorReport, DoctorRow


def doctor(settings: Settings) -> DoctorReport:
    return DoctorReport(cloud=_cloud_name(settings), checks=tuple(_checks(settings)))


def _cloud_name(settings: Settings) -> str | None:
    """As the other commands choose it: the word of the command line, OS_CLOUD, or where the recorded bays are."""
    named = settings.cloud or settings.environ.get("OS_CLOUD")
    if named:
        return named
    try:
        clouds = recorded_clouds(settings)
    except LedgerError:
        return None
    return next(iter(clouds)) if len(clouds) == 1 else None


def _checks(settings: Settings) -> Iterator[DoctorRow]:
    yield _check("engine", lambda: _engine(settings))
    yield _check("provider", lambda: _provider(settings))
    yield _check("credentials", lambda: _credentials(settings))
    yield _check("cloud", lambda: _cloud(settings))
    yield _check("ledger", lambda: _ledger(settings))


def _check(name: str, look: Callable[[], str]) -> DoctorRow:
    try:
        return DoctorRow(name=name, state="ok", message=look())
    except MagnumctlError as error:
        said = f"{error.summary}: {error.detail}" if error.detail else error.summary
        return DoctorRow(name=name, state="missing", message=said, hint=error.hint)


def _engine(settings: Settings) -> str:
    engine = find_engine(settings.environ)
    return f"{engine.name} {engine.version()} ({engine.source})"


def _provider(settings: Settings) -> str:
    return provider_state(find_engine(settings.environ), settings.environ)


def _identity(settings: Settings) -> Identity:
    return connect(_cloud_name(settings), settings.environ)


def _credentials(settings: Settings) -> str:
    caller = _identity(settings).caller
    return f"{caller.user_name} in the project {caller.project_name} ({caller.project_id})"


def _cloud(settings: Settings) -> str:
    identity = _identity(settings)
    rows = cloud_of(identity).quota()
    servers = next((row for row in rows if row.resource == "instances"), None)
    if servers is None or servers.limit < 0:
        return f"{identity.cloud} answers"
    return f"{identity.cloud} answers, {servers.free} of {servers.limit} servers free"


def _ledger(settings: Settings) -> str:
    bays = open_ledger(settings).bays()
    return f"{settings.private / 'ledger.db'}, {len(bays)} bays"
