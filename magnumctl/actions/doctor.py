"""Doctor: each thing that an apply needs, its state, and the command that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from magnumctl.errors import MagnumctlError
from magnumctl.identity import Identity, connect
from magnumctl.toolchain.engines import find_engine
from magnumctl.toolchain.providers import provider_state

from .clients import Settings, cloud_of, open_ledger
from .reports import DoctorReport, DoctorRow


def doctor(settings: Settings) -> DoctorReport:
    return DoctorReport(cloud=settings.cloud or settings.environ.get("OS_CLOUD"), checks=tuple(_checks(settings)))


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
    return connect(settings.cloud or settings.environ.get("OS_CLOUD"), settings.environ)


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
