"""Ratios against peers, measured in one run and printed; nothing is asserted.

    python tests/bench.py            the sandbox
    python tests/bench.py rig        the real OpenStack services too (tests/rig/openstack must be up)

The peers: `openstack --version` for the start, plain Terraform on the folder that `compile` writes for the rest.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from magnumctl.actions.demo import start_sandbox, stop
from magnumctl.toolchain.engines import find_engine
from magnumctl.toolchain.providers import provider_settings

HERE = Path(__file__).parent
RUNS = 3
MAGNUMCTL = str(Path(sys.executable).parent / "magnumctl")
BLUEPRINT = """
version: 1
baymodels:
  d: {{coe: docker, image: ubuntu-24.04, flavor: m1.small, external_network: public, api: {{allowed_cidrs: [{cidr}]}}}}
bays:
  bench: {{baymodel: d, nodes: 3}}
"""


@dataclass(frozen=True)
class Bench:
    """One cloud: a workspace of ours, and the folder that plain Terraform works in."""

    folder: Path
    environ: Mapping[str, str]
    engine: tuple[str, ...]

    def ours(self, *words: str) -> float:
        return timed([MAGNUMCTL, *words], self.folder, self.environ)

    def plain(self, *words: str) -> float:
        root = self.folder / "compiled" / "modules" / "bay"
        return timed([*self.engine, *words], root, {**self.environ, "TF_WORKSPACE": "bench"})


def timed(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> float:
    begun = time.monotonic()
    done = subprocess.run(words, cwd=folder, env=dict(environ), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stdout}\n{done.stderr}")
    return time.monotonic() - begun


def row(name: str, ours: Sequence[float], peer: Sequence[float]) -> None:
    mine, theirs = statistics.median(ours), statistics.median(peer)
    print(f"{name:<28} {mine:8.3f} s {theirs:8.3f} s  ratio {mine / theirs:5.2f}", flush=True)


def bench_start(folder: Path) -> None:
    client = folder / "client"
    subprocess.run([sys.executable, "-m", "venv", client], check=True)
    subprocess.run([client / "bin" / "pip", "install", "-q", "python-openstackclient"], check=True)
    peer = str(client / "bin" / "openstack")
    ours = [timed([MAGNUMCTL, "--version"], folder, os.environ) for _ in range(RUNS)]
    row("--version / openstack", ours, [timed([peer, "--version"], folder, os.environ) for _ in range(RUNS)])
    (folder / "b.yaml").write_text(BLUEPRINT.format(cidr="127.0.0.1/32"))
    ours = [timed([MAGNUMCTL, "validate", "b.yaml"], folder, os.environ) for _ in range(RUNS)]
    row("validate / openstack --version", ours, [timed([peer, "--version"], folder, os.environ) for _ in range(RUNS)])


def bench_cloud(name: str, bench: Bench) -> None:
    (bench.folder / "b.yaml").write_text(BLUEPRINT.format(cidr="127.0.0.1/32"))
    bench.ours("plan")
    bench.ours("compile", "--out", "compiled")
    bench.plain("init", "-input=false")
    variables = "-var-file=../../bench.tfvars.json"
    apply = ("apply", "--yes", "--infrastructure-only")
    steps: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {
        "plan (new)": (lambda: bench.ours("plan"), lambda: bench.plain("plan", variables)),
        "apply": (lambda: bench.ours(*apply), lambda: bench.plain("apply", "-auto-approve", variables)),
        "plan (standing)": (lambda: bench.ours("plan"), lambda: bench.plain("plan", variables)),
        "destroy": (
            lambda: bench.ours("destroy", "--yes"),
            lambda: bench.plain("destroy", "-auto-approve", variables),
        ),
    }
    times = {step: ([], []) for step in steps}  # type: ignore[var-annotated]
    for _ in range(RUNS):
        for step, (ours, _) in steps.items():
            times[step][0].append(ours())
        for step, (_, peer) in steps.items():
            times[step][1].append(peer())
    for step, (ours_times, peer_times) in times.items():
        row(f"{name}: {step}", ours_times, peer_times)


def sandbox(folder: Path, environ: Mapping[str, str], engine: tuple[str, ...]) -> None:
    served = start_sandbox(folder / "clouds.yaml", environ)
    try:
        on = {**environ, "OS_CLIENT_CONFIG_FILE": str(folder / "clouds.yaml"), "OS_CLOUD": "sandbox"}
        (folder / "sandbox").mkdir()
        bench_cloud("sandbox", Bench(folder / "sandbox", on, engine))
    finally:
        stop(served)


def rig(folder: Path, environ: Mapping[str, str], engine: tuple[str, ...]) -> None:
    clouds = os.environ.get("MAGNUMCTL_RIG_CLOUDS", str(HERE / "rig" / "openstack" / "clouds.yaml"))
    (folder / "rig").mkdir()
    on = {**environ, "OS_CLIENT_CONFIG_FILE": clouds, "OS_CLOUD": "tenant-a"}
    bench_cloud("rig", Bench(folder / "rig", on, engine))


def main() -> None:
    engine = find_engine(os.environ)
    settings = provider_settings(engine, os.environ, lambda line: print(line, file=sys.stderr))
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
    if settings:
        environ["TF_CLI_CONFIG_FILE"] = str(settings)
    print(f"{'':<28} {'ours':>10} {'peer':>10}   medians of {RUNS}, engine {engine.version()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench_start(folder)
        sandbox(folder, environ, engine.command)
        if "rig" in sys.argv:
            rig(folder, environ, engine.command)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process of all, Terraform and its provider included: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
