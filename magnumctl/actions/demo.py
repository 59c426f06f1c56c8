"""The demo: the whole story on the embedded cloud, each step timed, and nothing left behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from magnumctl.blueprint import load
from magnumctl.blueprint.model import Blueprint
from magnumctl.cloud import Inventory
from magnumctl.errors import MagnumctlError, SandboxError
from magnumctl.shipped import folder
from magnumctl.toolchain.engines import tested_engine

from .batch import apply_bays, destroy_bays, plan_bays, plan_destroys
from .clients import Run, Settings, cloud_of, open_clients, open_run
from .destroy import bays_to_destroy
from .events import BayEvent, Tell
from .reports import DemoReport, Report, StepRow
from .status import status

SANDBOX_TIMEOUT = 30.0
"""Seconds until the embedded cloud must have written its clouds.yaml."""


@dataclass
class Demo:
    """`show` prints the reports of the steps as they come: the plan, the status, the second plan."""

    environ: Mapping[str, str]
    show: Callable[[Report], None]
    steps: list[StepRow] = field(default_factory=list)

    def run(self, tell: Tell) -> DemoReport:
        """The story to its end."""
        with tempfile.TemporaryDirectory(prefix="magnumctl-demo-") as name:
            root = Path(name)
            with self.step("sandbox started", tell):
                sandbox = start_sandbox(root / "clouds.yaml", self.environ)
            try:
                return self._story(root, tell)
            finally:
                stop(sandbox)

    def keep(self, tell: Tell) -> DemoReport:
        """The story up to a standing bay; the sandbox goes on until it is stopped."""
        root = Path(tempfile.mkdtemp(prefix="magnumctl-demo-"))
        with self.step("sandbox started", tell):
            sandbox = start_sandbox(root / "clouds.yaml", self.environ)
        try:
            run, blueprint = self._prepare(root, tell)
            self._apply(run, blueprint)
        except BaseException:
            stop(sandbox)  # nobody would know of it
            shutil.rmtree(root)
            raise
        return DemoReport(cloud="sandbox", steps=tuple(self.steps), next_commands=_next(root, sandbox.pid))

    def _story(self, root: Path, tell: Tell) -> DemoReport:
        run, blueprint = self._prepare(root, tell)
        cloud = cloud_of(run.clients.identity)
        before = cloud.inventory()
        self._apply(run, blueprint)
        self._plan_again(run, blueprint)
        self._destroy(run, blueprint)
        with self.step("project listed", tell):
            left = left_behind(before, cloud.inventory())
        return DemoReport(cloud="sandbox", steps=tuple(self.steps), left_behind=left)

    def _prepare(self, root: Path, tell: Tell) -> tuple[Run, Blueprint]:
        workspace = root / "workspace"
        workspace.mkdir(mode=0o700)
        (workspace / "blueprint.yaml").write_text((folder("blueprints") / "demo.yaml").read_text())
        environ = {**tested_engine(self.environ), "MAGNUMCTL_SANDBOX_CLOUDS": str(root / "clouds.yaml")}
        with self.step("tools fetched", tell):
            run = open_run(open_clients(Settings(workspace, "sandbox", environ)), tell)
        return run, load([workspace])

    def _apply(self, run: Run, blueprint: Blueprint) -> None:
        with self.step("planned", run.tell):
            batch = plan_bays(run, blueprint, ())
        if batch.error:
            raise batch.error
        self.show(batch.report)
        with self.step("applied", run.tell):
            result = apply_bays(run, blueprint, batch)
        batch.close()
        self.show(result)
        failed = [row for row in result.bays if row.error]
        if failed:
            raise MagnumctlError(f"bay {failed[0].name} was not applied", detail=failed[0].error or "")
        with self.step("status asked", run.tell):
            report = status(run.clients, ())
        self.show(report)

    def _plan_again(self, run: Run, blueprint: Blueprint) -> None:
        with self.step("planned again", run.tell):
            batch = plan_bays(run, blueprint, ())
        batch.close()
        self.show(batch.report)
        if batch.report.has_changes:
            raise MagnumctlError("the second plan still wants changes", detail="a bug of magnumctl: please report it")

    def _destroy(self, run: Run, blueprint: Blueprint) -> None:
        with self.step("destroyed", run.tell):
            plans, _ = plan_destroys(run, bays_to_destroy(run.clients, blueprint, ()))
            result = destroy_bays(run, plans)
        self.show(result)

    @contextmanager
    def step(self, name: str, tell: Tell) -> Iterator[None]:
        begun = time.monotonic()
        yield
        seconds = round(time.monotonic() - begun, 2)
        self.steps.append(StepRow(name=name, seconds=seconds))
        tell(BayEvent("", "done", f"{name} in {seconds:.1f} s"))


def left_behind(before: Inventory, after: Inventory) -> tuple[str, ...]:
    """What the project holds now and did not hold before."""
    return tuple(sorted(f"{resource.kind} {resource.name}" for resource in after.resources - before.resources))


def start_sandbox(clouds_yaml: Path, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The embedded cloud in a process of its own, ready when its clouds.yaml is there."""
    words = [sys.executable, "-m", "magnumctl.sandbox", "--port", "0", "--clouds-yaml", str(clouds_yaml)]
    with (clouds_yaml.parent / "sandbox.log").open("wb") as log:
        sandbox = subprocess.Popen(words, stdout=log, stderr=log, env=dict(environ), start_new_session=True)
    end = time.monotonic() + SANDBOX_TIMEOUT
    while not clouds_yaml.exists():
        if sandbox.poll() is not None or time.monotonic() > end:
            raise SandboxError("the sandbox did not start", detail=(clouds_yaml.parent / "sandbox.log").read_text())
        time.sleep(0.02)
    return sandbox


def stop(sandbox: subprocess.Popen[bytes]) -> None:
    sandbox.terminate()
    try:
        sandbox.wait(10)
    except subprocess.TimeoutExpired:
        sandbox.kill()
        sandbox.wait()


def _next(root: Path, pid: int) -> tuple[str, ...]:
    workspace = root / "workspace"
    return (
        f"export MAGNUMCTL_SANDBOX_CLOUDS={root / 'clouds.yaml'}",
        f"cd {workspace}",
        "magnumctl status --cloud sandbox",
        "magnumctl pod list --cloud sandbox",
        "magnumctl destroy --cloud sandbox --yes",
        f"kill {pid}; cd -; rm -r {root}  # stops the sandbox; its folder holds keys",
    )
