"""Plan, apply and read one bay's infrastructure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from magnumctl import shipped
from magnumctl.terraform import child, failures, state
from magnumctl.terraform.cancellation import Cancellation
from magnumctl.terraform.commands import Commands
from magnumctl.terraform.differences import differences
from magnumctl.terraform.environment import child_environment, redact, user_settings
from magnumctl.terraform.events import Report, TerraformEvent, Transcript, unheard
from magnumctl.terraform.plan import Plan, digest_of, fingerprint
from magnumctl.terraform.working_folder import WorkingFolder, write_private

PlanCommand = Callable[[Path, Path], tuple[str, ...]]
PLAN_FILE = "bay.tfplan"


class Terraform:
    """One engine, one initialised folder, any number of bays: each is a workspace, best called by its name.

    Everything that runs Terraform raises TerraformError, or TerraformInterruptedError after an interruption.
    """

    def __init__(
        self,
        engine_command: tuple[str, ...],
        folder: Path,
        credentials: Mapping[str, str],
        cli_config: Path | None = None,
        *,
        environ: Mapping[str, str] = os.environ,
        modules: Path | None = None,
        root: str = "bay",
        cancellation: Cancellation | None = None,
    ) -> None:
        self.cancellation = cancellation or Cancellation()
        self._commands = Commands(engine_command)
        self._credentials = credentials
        self._settings = cli_config or user_settings(environ)
        self._environment = child_environment(environ, credentials, cli_config)
        self._folder = WorkingFolder(folder.absolute(), modules or shipped.folder("modules"), root)

    def interrupt(self) -> None:
        """Stops every running plan and apply, from any thread; see Cancellation."""
        self.cancellation.interrupt()

    def prepare(self) -> None:
        """Makes the folder ready: copies the modules and runs `init`, once."""
        settings = self._settings.read_text() if self._settings else ""
        self._folder.prepare(repr((self._commands.engine, settings)), self._initialise)

    def plan(self, workspace: str, variables: str, report: Report = unheard) -> Plan:
        """`variables` is the text of a tfvars JSON file. The plan must be discarded by the caller."""
        return self._plan(workspace, variables, report, self._commands.write_plan)

    def plan_destroy(self, workspace: str, variables: str, report: Report = unheard) -> Plan:
        return self._plan(workspace, variables, report, self._commands.write_destroy_plan)

    def require(self, plan: Plan, workspace: str, variables: str) -> None:
        """Raises StalePlanError unless the plan was made for this workspace from these variables and modules."""
        plan.require_inputs(workspace, variables)
        plan.require_modules(self._folder.modules_digest())
        plan.require_file()

    def apply(self, plan: Plan, report: Report = unheard) -> None:
        """Raises StalePlanError when anything the plan was made from has changed."""
        plan.require_file()
        plan.require_modules(self._folder.modules_digest())
        deed = failures.Deed("apply", plan.workspace)
        environment = self._environment_of(plan.workspace)
        self._stream(deed, environment, self._commands.apply_plan(plan.file), Transcript(report))

    def differences(self, plan: Plan) -> dict[str, tuple[str, ...]]:
        """By address, what somebody changed of the resources in `plan.drift`. It starts the provider again."""
        deed = failures.Deed("reading the plan", plan.workspace)
        return differences(self._said(deed, plan.workspace, self._commands.show_plan(plan.file)))

    def outputs(self, workspace: str) -> state.BayOutputs | None:
        """None when the workspace holds nothing."""
        found = self._state(workspace)
        return state.outputs(found) if found else None

    def resources(self, workspace: str) -> tuple[str, ...]:
        found = self._state(workspace)
        return state.resources(found) if found else ()

    def ids(self, workspace: str, kind: str) -> dict[str, str]:
        """The cloud's ids of all resources of a kind (Terraform's name of it), by their addresses."""
        found = self._state(workspace)
        return state.ids(found, kind) if found else {}

    def workspaces(self) -> tuple[str, ...]:
        return self._folder.workspaces()

    def state_text(self, workspace: str) -> str:
        """Empty when there is no such workspace."""
        file = self._folder.state_file(workspace)
        text = file.read_text() if file.is_file() else ""
        return self._pulled(workspace) if text and state.parse(text) is None else text

    def forget(self, workspace: str) -> None:
        """Removes the state of a workspace that holds nothing; one that holds something is left alone."""
        if not self.resources(workspace):
            shutil.rmtree(self._folder.state_file(workspace).parent, ignore_errors=True)

    def _plan(self, workspace: str, variables: str, report: Report, command: PlanCommand) -> Plan:
        state.seed(self._folder.state_file(workspace))
        run = self._folder.new_run(workspace)
        transcript = Transcript(report)
        deed = failures.Deed("plan", workspace)
        try:
            variables_file = write_private(run / "bay.tfvars.json", variables)
            argv = command(variables_file, run / PLAN_FILE)
            self._stream(deed, self._environment_of(workspace), argv, transcript)
            variables_file.unlink()
            for change in transcript.drift():
                report(TerraformEvent("drift", change.address, change.action))
        except BaseException:
            shutil.rmtree(run, ignore_errors=True)
            raise
        return self._planned(workspace, variables, run / PLAN_FILE, transcript)

    def _planned(self, workspace: str, variables: str, file: Path, transcript: Transcript) -> Plan:
        return Plan(
            workspace=workspace,
            changes=tuple(transcript.changes),
            drift=transcript.drift(),
            file=file,
            digest=digest_of(workspace, variables),
            modules=self._folder.modules_digest(),
            fingerprint=fingerprint(file),
        )

    def _initialise(self) -> None:
        deed = failures.Deed("preparing Terraform")
        self._stream(deed, self._environment, self._commands.initialise(), Transcript(unheard))

    def _stream(
        self, deed: failures.Deed, environment: Mapping[str, str], argv: tuple[str, ...], transcript: Transcript
    ) -> None:
        ended = self._run(deed, environment, argv, transcript.hear)
        if ended.exit_code != 0:
            errors = [error.redacted(self._redact) for error in transcript.errors]
            raise failures.failed(deed, errors, self._redact("\n".join((*transcript.unread, ended.stderr))))

    def _run(
        self,
        deed: failures.Deed,
        environment: Mapping[str, str],
        argv: tuple[str, ...],
        on_line: Callable[[str], None],
    ) -> child.Ended:
        if self.cancellation.requested:
            raise failures.interrupted(deed)
        surroundings = child.Surroundings(self._folder.root_module, environment, self.cancellation)
        ended = child.run(argv, surroundings, on_line)
        if self.cancellation.requested:
            raise failures.interrupted(deed)
        return ended

    def _state(self, workspace: str) -> state.State | None:
        """Reading the file takes 0.2 ms, `state pull` 60; that is for states which are no plain text."""
        file = self._folder.state_file(workspace)
        if not file.is_file():
            return None
        return state.parse(file.read_text()) or state.parse(self._pulled(workspace))

    def _pulled(self, workspace: str) -> str:
        return self._said(failures.Deed("reading the state", workspace), workspace, self._commands.pull_state())

    def _said(self, deed: failures.Deed, workspace: str, argv: tuple[str, ...]) -> str:
        lines: list[str] = []
        ended = self._run(deed, self._environment_of(workspace), argv, lines.append)
        if ended.exit_code != 0:
            raise failures.failed(deed, (), self._redact(ended.stderr))
        return "\n".join(lines)

    def _environment_of(self, workspace: str) -> dict[str, str]:
        return {**self._environment, "TF_WORKSPACE": workspace}

    def _redact(self, text: str) -> str:
        return redact(text, self._credentials)
