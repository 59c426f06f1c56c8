"""Everything an action needs of the floors below, opened once by the command line and passed down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from magnumctl.cloud import Cloud
from magnumctl.errors import ForeignProjectError, UsageError
from magnumctl.identity import Identity, connect
from magnumctl.ledger import BayRecord, Ledger, key_sources
from magnumctl.terraform import Terraform
from magnumctl.toolchain.engines import find_engine
from magnumctl.toolchain.providers import provider_settings

from .events import BayEvent, Tell


@dataclass(frozen=True)
class Settings:
    """`folder` is the workspace (`-C`); `cloud` is what `--cloud` said, None for OS_CLOUD or the blueprint's word."""

    folder: Path
    cloud: str | None
    environ: Mapping[str, str]
    jobs: int = 4

    @property
    def private(self) -> Path:
        return self.folder / ".magnumctl"


@dataclass(frozen=True)
class Clients:
    settings: Settings
    identity: Identity
    ledger: Ledger

    def bay(self, name: str) -> BayRecord:
        """The recorded bay; BayNotFoundError, or ForeignProjectError when only another project has one of that name."""
        same_name = [record for record in self.ledger.bays() if record.name == name]
        ours = [record for record in same_name if record.project_id == self.identity.caller.project_id]
        if same_name and not ours:
            self._refuse(same_name[0])
        return ours[0] if ours else self.ledger.bay(name)

    def bays(self) -> tuple[BayRecord, ...]:
        """The recorded bays of this project."""
        return tuple(bay for bay in self.ledger.bays() if bay.project_id == self.identity.caller.project_id)

    def _refuse(self, record: BayRecord) -> NoReturn:
        caller = self.identity.caller
        raise ForeignProjectError(
            f"bay {record.name} belongs to the project {record.project_name} ({record.project_id})",
            detail=f"these credentials are of the project {caller.project_name} ({caller.project_id})",
            hint=f"use credentials of the project {record.project_name}: --cloud NAME or OS_CLOUD=NAME",
        )


@dataclass(frozen=True)
class Run:
    """One command that changes bays, or says what would change: clients, a prepared Terraform, and who is told."""

    clients: Clients
    terraform: Terraform
    tell: Tell


def open_ledger(settings: Settings) -> Ledger:
    """UsageError for a workspace that is not there: a mistyped folder is not made."""
    if not settings.folder.is_dir():
        raise UsageError(f"there is no folder {settings.folder}", hint=f"magnumctl init -C {settings.folder}")
    return Ledger.open(settings.private / "ledger.db", key_sources(settings.environ))


def cloud_of(identity: Identity) -> Cloud:
    return Cloud(identity.session, identity.region, identity.interface)


def open_clients(settings: Settings, blueprint_cloud: str | None = None) -> Clients:
    """`--cloud`, else OS_CLOUD, else the blueprint's cloud."""
    cloud = settings.cloud or settings.environ.get("OS_CLOUD") or blueprint_cloud
    return Clients(settings, connect(cloud, settings.environ), open_ledger(settings))


def open_run(clients: Clients, tell: Tell) -> Run:
    """With Terraform, its provider and the modules in place, ready to plan any number of bays."""
    environ = clients.settings.environ
    engine = find_engine(environ)
    cli_config = provider_settings(engine, environ, lambda line: tell(BayEvent("", "tools", line)))
    terraform = Terraform(
        engine.command,
        clients.settings.private / "terraform",
        clients.identity.terraform_environment(),
        cli_config,
    )
    terraform.prepare()
    return Run(clients, terraform, tell)


def open_states(settings: Settings) -> Terraform:
    """For reading what the bays' states hold; the cloud is not asked."""
    return Terraform(find_engine(settings.environ).command, settings.private / "terraform", {})


def open_recorded(settings: Settings, names: Sequence[str]) -> Clients:
    """For commands without a blueprint: the cloud is the one that the named bays, else all, are recorded with.

    BayNotFoundError for a name that the ledger does not know: no cloud could tell more.
    """
    clouds = recorded_clouds(settings, names)
    if len(clouds) > 1 and not (settings.cloud or settings.environ.get("OS_CLOUD")):
        raise UsageError(
            f"the bays of this workspace are on several clouds: {', '.join(sorted(clouds))}",
            hint=f"--cloud {min(clouds)}",
        )
    return open_clients(settings, next(iter(clouds), None))


def recorded_clouds(settings: Settings, names: Sequence[str] = ()) -> set[str]:
    ledger = open_ledger(settings)
    bays = ledger.bays()
    unknown = next((name for name in names if name not in {bay.name for bay in bays}), None)
    if unknown is not None:
        ledger.bay(unknown)
    return {bay.cloud for bay in bays if not names or bay.name in names}
