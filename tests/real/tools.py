"""kubectl and docker, as a user with the credentials that magnumctl hands out runs them."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.components.build import built
from tests.e2e.command import Magnumctl


@dataclass(frozen=True)
class Tool:
    words: tuple[str, ...]
    environ: Mapping[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, **self.environ}
        return subprocess.run(
            [*self.words, *words], env=environ, check=False, capture_output=True, text=True, timeout=120
        )

    def __call__(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout


def kubectl(magnumctl: Magnumctl, bay: str) -> Tool:
    path = magnumctl.folder / f"{bay}.kubeconfig"
    magnumctl.must("bay", "kubeconfig", bay, "--out", str(path))
    return Tool((str(built("kubectl")), "--kubeconfig", str(path), "--request-timeout=20s"), {})


def docker(magnumctl: Magnumctl, bay: str, node: str) -> Tool:
    said = magnumctl.must("bay", "docker-env", bay, "--node", node).stdout
    pairs = (line.removeprefix("export ").partition("=") for line in said.splitlines() if line.startswith("export "))
    return Tool(("docker",), {name: value.strip("'\"") for name, _, value in pairs})


def listed(tool: Tool, *words: str) -> list[Any]:
    items: list[Any] = json.loads(tool(*words, "-o", "json"))["items"]
    return items


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.5)


def fetched(url: str) -> str:
    done = subprocess.run(["curl", "-s", "-m", "3", url], check=False, capture_output=True, text=True)
    return done.stdout.strip()
