"""Short ways to write a blueprint and to see what it became or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from magnumctl.blueprint import Blueprint, load
from magnumctl.errors import InvalidBlueprintError, Problem

BASE = """\
version: 1
baymodels:
  k8s: {coe: kubernetes, image: debian-12-kube, flavor: m1.small, external_network: public}
  docker: {coe: docker, image: debian-12-docker, flavor: m1.small, external_network: public}
bays:
  web: {baymodel: k8s, nodes: 2}
  edge: {baymodel: docker, nodes: 2}
"""
"""Seven lines; what a test adds begins in line 8."""


def write(folder: Path, text: str | bytes, name: str = "blueprint.yaml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(dedent(text).encode() if isinstance(text, str) else text)
    return file


def loaded(
    folder: Path, text: str | bytes, variables: Mapping[str, str] | None = None, files: tuple[Path, ...] = ()
) -> Blueprint:
    return load([write(folder, text)], variables or {}, files)


def problems(
    folder: Path, text: str | bytes, variables: Mapping[str, str] | None = None, files: tuple[Path, ...] = ()
) -> tuple[Problem, ...]:
    with pytest.raises(InvalidBlueprintError) as caught:
        loaded(folder, text, variables, files)
    return caught.value.problems


def told(folder: Path, text: str | bytes, variables: Mapping[str, str] | None = None) -> list[str]:
    """`line:column message (hint)` of each problem."""
    return [
        f"{found.line}:{found.column} {found.message}" + (f" ({found.hint})" if found.hint else "")
        for found in problems(folder, text, variables)
    ]
