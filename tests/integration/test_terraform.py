"""The wall in front of a real Terraform (the embedded one), with a module of the builtin `terraform_data` only."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from magnumctl.errors import StalePlanError, TerraformError, TerraformInterruptedError, ToolchainError
from magnumctl.terraform import Cancellation, NodeOutput, Plan, Terraform, TerraformEvent
from magnumctl.toolchain.engines import find_engine

PASSWORD = "correct-horse-battery"
MODULE = """
terraform {
  required_version = ">= 1.9"
}
variable "nodes" {
  type = map(object({ text = string, command = optional(string, "true"), digest = optional(string, "") }))
}
variable "user_data" {
  type      = map(string)
  sensitive = true
}
resource "terraform_data" "network" {}
resource "terraform_data" "node" {
  for_each         = var.nodes
  input            = each.value.text
  triggers_replace = each.value.digest
  depends_on       = [terraform_data.network]
  provisioner "local-exec" {
    command = each.value.command
  }
}
output "api_address" {
  value = "192.0.2.7"
}
output "nodes" {
  value = {
    for name, node in terraform_data.node : name => {
      id = node.id, name = "web-${name}", group = "workers", role = "worker"
      address = "192.0.2.8", fixed_ip = "10.0.0.8"
    }
  }
}
"""


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    root = tmp_path / "modules" / "bay"
    root.mkdir(parents=True)
    (root / "main.tf").write_text(MODULE)
    return root.parent


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / ".magnumctl"


@pytest.fixture
def new_terraform(modules: Path, workspace: Path) -> Callable[[], Terraform]:
    engine = find_engine({"MAGNUMCTL_TERRAFORM": "embedded"})
    environ = {**os.environ, "TF_CLI_ARGS": "-no-such-flag", "TF_CLI_CONFIG_FILE": "/no/such/file", "AWS_SECRET": "x"}
    credentials = {"OS_PASSWORD": PASSWORD, "OS_AUTH_URL": "http://192.0.2.1/v3"}

    def new() -> Terraform:
        return Terraform(engine.command, workspace / "terraform", credentials, environ=environ, modules=modules)

    return new


@pytest.fixture
def terraform(new_terraform: Callable[[], Terraform]) -> Terraform:
    new = new_terraform()
    new.prepare()
    return new


def variables(**nodes: str | dict[str, str]) -> str:
    """`workers_0="text"` or `workers_0={"text": ..., "command": ...}`."""
    named = {name.replace("_", "-"): node for name, node in nodes.items()}
    wanted = {name: {"text": node} if isinstance(node, str) else node for name, node in named.items()}
    return json.dumps({"nodes": wanted, "user_data": dict.fromkeys(wanted, "the node's private key")})


def applied(terraform: Terraform, bay: str, text: str) -> list[TerraformEvent]:
    events: list[TerraformEvent] = []
    with terraform.plan(bay, text) as plan:
        terraform.apply(plan, events.append)
    return events


def actions(plan: Plan) -> dict[str, str]:
    with plan:
        return {change.address: change.action for change in plan.changes}


def mode(path: Path) -> str:
    return stat.filemode(path.stat().st_mode)


def test_init_runs_once(terraform: Terraform, new_terraform: Callable[[], Terraform], workspace: Path) -> None:
    """A folder that is prepared stays as it is, also for the next command."""
    stamp = workspace / "terraform" / "prepared"
    before = stamp.stat().st_mtime_ns
    new_terraform().prepare()
    assert stamp.stat().st_mtime_ns == before


def test_changed_modules_are_copied_and_the_bays_stay(terraform: Terraform, modules: Path) -> None:
    """A new version of the modules replaces the old one, and no state."""
    applied(terraform, "web", variables(workers_0="a"))
    (modules / "bay" / "more.tf").write_text('resource "terraform_data" "more" {}\n')
    terraform.prepare()
    assert actions(terraform.plan("web", variables(workers_0="a"))) == {"terraform_data.more": "create"}


def test_a_deleted_provider_is_fetched_again(terraform: Terraform, workspace: Path) -> None:
    """Terraform's folder links into a mirror; when that is gone the folder is no longer prepared."""
    stamp = workspace / "terraform" / "prepared"
    dangling = workspace / "terraform/bay/.terraform/providers/registry.example.org/a/b/1.0.0/linux_amd64"
    dangling.parent.mkdir(parents=True)
    dangling.symlink_to("/no/such/mirror")
    before = stamp.stat().st_mtime_ns
    terraform.prepare()
    assert stamp.stat().st_mtime_ns != before


def test_a_new_bay_is_all_creation(terraform: Terraform) -> None:
    """The plan of a bay that has nothing creates everything."""
    assert actions(terraform.plan("web", variables(workers_0="a"))) == {
        "terraform_data.network": "create",
        'terraform_data.node["workers-0"]': "create",
    }


def test_an_applied_bay_has_no_changes(terraform: Terraform) -> None:
    """The second plan says none."""
    applied(terraform, "web", variables(workers_0="a"))
    assert actions(terraform.plan("web", variables(workers_0="a"))) == {}


def test_each_deed_is_told(terraform: Terraform) -> None:
    """An apply tells when each resource begins and is complete, with its id."""
    events = applied(terraform, "web", variables(workers_0="a"))
    told = [(event.kind, event.address, event.id is not None) for event in events]
    assert told == [
        ("start", "terraform_data.network", False),
        ("complete", "terraform_data.network", True),
        ("start", 'terraform_data.node["workers-0"]', False),
        ("complete", 'terraform_data.node["workers-0"]', True),
    ]


def test_changes_are_told_apart(terraform: Terraform) -> None:
    """In place, rebuilt, gone and new, each with Terraform's reason."""
    applied(terraform, "web", variables(update="a", rebuild="a", gone="a"))
    wanted = variables(update="b", rebuild={"text": "a", "digest": "2"}, new="a")
    with terraform.plan("web", wanted) as plan:
        found = {(change.address, change.action, change.reason) for change in plan.changes}
    assert found == {
        ('terraform_data.node["update"]', "update", ""),
        ('terraform_data.node["rebuild"]', "replace", "cannot_update"),
        ('terraform_data.node["gone"]', "delete", "delete_because_each_key"),
        ('terraform_data.node["new"]', "create", ""),
    }


def test_outputs_are_typed(terraform: Terraform) -> None:
    """An applied bay says where its API and its nodes are."""
    applied(terraform, "web", variables(workers_0="a"))
    outputs = terraform.outputs("web")
    assert outputs is not None
    assert outputs.api_address == "192.0.2.7"
    assert outputs.nodes["workers-0"] == NodeOutput(
        id=outputs.nodes["workers-0"].id,
        name="web-workers-0",
        group="workers",
        role="worker",
        address="192.0.2.8",
        fixed_ip="10.0.0.8",
    )


def test_an_unknown_bay_has_nothing(terraform: Terraform) -> None:
    """What was never applied has neither outputs nor resources."""
    assert (terraform.outputs("web"), terraform.resources("web")) == (None, ())


def test_destroy_is_a_plan(terraform: Terraform) -> None:
    """A destroy plan deletes everything, and its apply leaves nothing."""
    text = variables(workers_0="a")
    applied(terraform, "web", text)
    with terraform.plan_destroy("web", text) as plan:
        assert {change.action for change in plan.changes} == {"delete"}
        terraform.apply(plan)
    assert (terraform.outputs("web"), terraform.resources("web")) == (None, ())


def test_an_empty_workspace_is_forgotten(terraform: Terraform, workspace: Path) -> None:
    """The state of a bay goes only when it holds nothing."""
    terraform.plan("empty", variables(workers_0="a")).discard()
    applied(terraform, "full", variables(workers_0="a"))
    for bay in ("empty", "full"):
        terraform.forget(bay)
    assert [path.name for path in (workspace / "terraform" / "states").iterdir()] == ["full"]


def test_a_bay_may_be_called_default(terraform: Terraform, workspace: Path) -> None:
    """The name that Terraform keeps for itself is a bay like any other."""
    applied(terraform, "default", variables(workers_0="a"))
    terraform.plan("default", variables(workers_0="a")).discard()
    assert len(terraform.resources("default")) == 2


def test_bays_are_planned_side_by_side(terraform: Terraform) -> None:
    """One initialised folder serves many threads, and each bay keeps its own state."""
    bays = [f"bay-{number}" for number in range(6)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda bay: applied(terraform, bay, variables(workers_0=bay)), bays))
    assert [len(terraform.resources(bay)) for bay in bays] == [2] * 6


def test_a_plan_is_used_once(terraform: Terraform) -> None:
    """Terraform's own refusal of a stale plan is ours."""
    with terraform.plan("web", variables(workers_0="a")) as plan:
        terraform.apply(plan)
        with pytest.raises(StalePlanError) as refused:
            terraform.apply(plan)
    assert str(refused.value) == "the plan of bay web can no longer be applied"


def test_another_bays_plan_is_refused(terraform: Terraform) -> None:
    """Also between two bays that have nothing yet."""
    terraform.plan("edge", variables(workers_0="a")).discard()
    with terraform.plan("web", variables(workers_0="a")) as plan, pytest.raises(StalePlanError):
        terraform.apply(replace(plan, workspace="edge"))
    assert terraform.resources("edge") == ()


def test_a_changed_plan_file_is_refused(terraform: Terraform) -> None:
    """The file that is applied is the file that was planned."""
    with terraform.plan("web", variables(workers_0="a")) as plan:
        plan.file.write_bytes(plan.file.read_bytes() + b" ")
        with pytest.raises(StalePlanError):
            terraform.apply(plan)


def test_a_plan_of_other_modules_is_refused(terraform: Terraform, modules: Path) -> None:
    """Modules that changed since the plan make it stale."""
    with terraform.plan("web", variables(workers_0="a")) as plan:
        (modules / "bay" / "more.tf").write_text("\n")
        with pytest.raises(StalePlanError):
            terraform.apply(plan)


def test_a_plan_of_another_blueprint_is_refused(terraform: Terraform) -> None:
    """A plan that was kept is held against the variables of now."""
    with terraform.plan("web", variables(workers_0="a")) as plan:
        terraform.require(plan, "web", variables(workers_0="a"))
        with pytest.raises(StalePlanError):
            terraform.require(plan, "web", variables(workers_0="b"))


def test_a_failure_names_the_resource(terraform: Terraform) -> None:
    """The summary has the node, the detail everything Terraform said, the state what was made."""
    with (
        terraform.plan("web", variables(workers_0={"text": "a", "command": "exit 3"})) as plan,
        pytest.raises(TerraformError) as failed,
    ):
        terraform.apply(plan)
    assert str(failed.value) == (
        'apply of bay web failed: terraform_data.node["workers-0"]: local-exec provisioner error'
    )
    assert "exit status 3" in failed.value.detail
    assert "terraform_data.network" in terraform.resources("web")


def test_all_failures_are_told(terraform: Terraform) -> None:
    """Two failing nodes are two causes in the detail, and a number in the summary."""
    broken = {"text": "a", "command": "exit 3"}
    with (
        terraform.plan("web", variables(workers_0=broken, workers_1=broken)) as plan,
        pytest.raises(TerraformError, match=r"\(and 1 more\)$") as failed,
    ):
        terraform.apply(plan)
    assert [f"workers-{number}" in failed.value.detail for number in (0, 1)] == [True, True]


def test_a_wrong_variable_fails_the_plan(terraform: Terraform, workspace: Path) -> None:
    """A plan that fails leaves no file with secrets behind."""
    with pytest.raises(TerraformError, match="plan of bay web failed: Invalid value for input variable"):
        terraform.plan("web", '{"nodes": "none", "user_data": {}}')
    assert list((workspace / "run").iterdir()) == []


def test_a_broken_module_fails_the_preparation(new_terraform: Callable[[], Terraform], modules: Path) -> None:
    """What `init` says without JSON is still one line and a cause."""
    (modules / "bay" / "more.tf").write_text('module "x" { source = "./nowhere" }\n')
    with pytest.raises(TerraformError, match="preparing Terraform failed: Unreadable module directory"):
        new_terraform().prepare()


def test_no_program_is_a_toolchain_error(workspace: Path, modules: Path) -> None:
    """An engine that is gone is said to be gone."""
    with pytest.raises(ToolchainError, match="/no/such/terraform cannot be started"):
        Terraform(("/no/such/terraform",), workspace / "terraform", {}, modules=modules).prepare()


def test_secrets_are_in_no_argument(terraform: Terraform) -> None:
    """While Terraform runs, no argument holds a secret, and the environment only what it needs."""
    seen: list[str] = []

    def look(event: TerraformEvent) -> None:
        if (event.kind, "workers-0" in event.address) == ("start", True):
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            (ours,) = [
                Path("/proc", pid) for pid in children if "bay.tfplan" in Path("/proc", pid, "cmdline").read_text()
            ]
            seen.extend((ours / name).read_text() for name in ("cmdline", "environ"))

    with terraform.plan("web", variables(workers_0={"text": "a", "command": "sleep 0.5"})) as plan:
        terraform.apply(plan, look)
    arguments, environment = seen
    assert (PASSWORD in arguments, "private key" in arguments) == (False, False)
    assert (PASSWORD in environment, "AWS_SECRET" in environment) == (True, False)


def test_files_are_the_users_alone(terraform: Terraform, workspace: Path) -> None:
    """State, plan and their folders can be read by nobody else."""
    applied(terraform, "web", variables(workers_0="a"))
    with terraform.plan("web", variables(workers_0="b")) as plan:
        modes = [
            mode(path) for path in (plan.file, plan.file.parent, workspace / "terraform/states/web/terraform.tfstate")
        ]
        assert (modes, mode(workspace)) == (["-rw-------", "drwx------", "-rw-------"], "drwx------")


def test_variables_are_gone_after_the_plan(terraform: Terraform) -> None:
    """Beside the plan file nothing is kept."""
    with terraform.plan("web", variables(workers_0="a")) as plan:
        assert [path.name for path in plan.file.parent.iterdir()] == [plan.file.name]
    assert not plan.file.parent.exists()


def test_credentials_are_struck_out_of_errors(terraform: Terraform) -> None:
    """What a provider says may repeat a password; the error does not."""
    with (
        terraform.plan("web", variables(workers_0={"text": "a", "command": "echo $OS_PASSWORD; exit 3"})) as plan,
        pytest.raises(TerraformError) as failed,
    ):
        terraform.apply(plan)
    assert (PASSWORD in failed.value.detail, "***" in failed.value.detail) == (False, True)


SLOW = {"text": "a", "command": "sleep 30"}


def begun(terraform: Terraform, act: Callable[[], None]) -> Callable[[TerraformEvent], None]:
    """A report that acts once, half a second after the slow node has begun."""

    def hear(event: TerraformEvent) -> None:
        if event.kind == "start" and "workers-0" in event.address:
            threading.Timer(0.5, act).start()

    return hear


def interrupted_apply(terraform: Terraform, act: Callable[[], None]) -> float:
    begin = time.monotonic()
    with terraform.plan("web", variables(workers_0=SLOW)) as plan, pytest.raises(TerraformInterruptedError):
        terraform.apply(plan, begun(terraform, act))
    return time.monotonic() - begin


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_with_its_state_written(
    terraform: Terraform, new_terraform: Callable[[], Terraform], number: signal.Signals
) -> None:
    """Ctrl-C, SIGTERM and a closed terminal end an apply early, with what was made in the state and no lock."""
    seconds = interrupted_apply(terraform, lambda: os.kill(os.getpid(), number))
    assert seconds < 15
    assert "terraform_data.network" in terraform.resources("web")
    assert actions(new_terraform().plan("web", variables(workers_0="a"))) == {
        'terraform_data.node["workers-0"]': "replace"
    }


def test_a_thread_is_interrupted_from_another(terraform: Terraform) -> None:
    """Bays worked on in threads are stopped by the main thread, and nothing new begins afterwards."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(interrupted_apply, terraform, terraform.interrupt)
        assert future.result() < 15
    with pytest.raises(TerraformInterruptedError, match="plan of bay edge was interrupted"):
        terraform.plan("edge", variables(workers_0="a"))


def test_insisting_kills(terraform: Terraform) -> None:
    """The second interrupt ends Terraform at once, whatever its resources do."""

    def insist() -> None:
        terraform.interrupt()
        time.sleep(0.2)
        terraform.interrupt()

    stubborn = {"text": "a", "command": "trap '' INT TERM; sleep 4 & wait; sleep 4"}
    begin = time.monotonic()
    with terraform.plan("web", variables(workers_0=stubborn)) as plan, pytest.raises(TerraformInterruptedError):
        terraform.apply(plan, begun(terraform, insist))
    assert time.monotonic() - begin < 20


def test_signals_are_as_before_afterwards(terraform: Terraform) -> None:
    """The handlers of the command line are back once Terraform has ended."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with terraform.cancellation.on_signals():
        pass
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_failing_report_ends_terraform(terraform: Terraform) -> None:
    """An exception of whoever listens is raised after Terraform has ended, so nothing runs on unseen."""

    def broken(_event: TerraformEvent) -> None:
        raise OSError("the ledger's disk is full")

    with terraform.plan("web", variables(workers_0=SLOW)) as plan, pytest.raises(OSError, match="disk is full"):
        terraform.apply(plan, broken)
    terraform.plan("web", variables(workers_0="a")).discard()


KILLED = """
import os, sys
from pathlib import Path
from magnumctl.terraform import Terraform
engine, folder, modules, variables = sys.argv[1:]
terraform = Terraform(tuple(engine.split("|")), Path(folder), {}, modules=Path(modules))
terraform.prepare()
plan = terraform.plan("web", variables)
terraform.apply(plan, lambda event: "workers-0" in event.address and os.kill(os.getpid(), 9))
"""


def test_terraform_outlives_a_killed_command(terraform: Terraform, workspace: Path, modules: Path) -> None:
    """Killed in mid-apply: Terraform goes on, holds the lock meanwhile, and writes its state."""
    engine = "|".join(find_engine({"MAGNUMCTL_TERRAFORM": "embedded"}).command)
    text = variables(workers_0={"text": "a", "command": "sleep 10"})
    argv = [sys.executable, "-c", KILLED, engine, str(workspace / "terraform"), str(modules), text]
    assert subprocess.run(argv, check=False).returncode == -signal.SIGKILL
    with (
        terraform.plan("web", text) as early,
        pytest.raises(TerraformError, match="Error acquiring the state lock") as locked,
    ):
        terraform.apply(early)
    assert locked.value.hint == "magnumctl state unlock web"
    deadline = time.monotonic() + 60
    while 'terraform_data.node["workers-0"]' not in terraform.resources("web") and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.5)  # the lock goes after the state
    assert actions(terraform.plan("web", text)) == {}


def test_what_a_killed_command_left_is_removed(terraform: Terraform, workspace: Path) -> None:
    """Plan files of a process that is dead are deleted by the next plan."""
    terraform.plan("web", variables(workers_0="a")).discard()
    with terraform.plan("web", variables(workers_0="a")) as plan:
        name = plan.file.parent.name
        left = workspace / "run" / name.replace(str(os.getpid()), "4194999")
        left.mkdir()
        (left / "bay.tfplan").write_text("secret")
        terraform.plan("web", variables(workers_0="a")).discard()
        assert (left.exists(), plan.file.exists()) == (False, True)


def test_a_pause_ends_when_interrupted() -> None:
    """Who waits for nodes stops waiting, whether the signal comes before or meanwhile."""
    cancellation = Cancellation()
    cancellation.pause(0.01)
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    begin = time.monotonic()
    with cancellation.on_signals():
        for _ in range(2):
            with pytest.raises(TerraformInterruptedError):
                cancellation.pause(30)
    assert time.monotonic() - begin < 5


def test_one_cancellation_stops_all(modules: Path, workspace: Path) -> None:
    """It may be shared by everything one command starts."""
    cancellation = Cancellation()
    cancellation.interrupt()
    with pytest.raises(TerraformInterruptedError, match="preparing Terraform was interrupted"):
        Terraform(("terraform",), workspace / "terraform", {}, modules=modules, cancellation=cancellation).prepare()
