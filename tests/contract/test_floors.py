"""The architecture, held: imports go down the floors only, and each SDK lives behind one wall."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "magnumctl"

FLOORS: tuple[set[str], ...] = (
    {"errors", "private", "shipped", "known_names", "__init__"},
    {"blueprint"},
    {"pki"},
    {"compiler", "manifests"},
    {"identity", "cloud", "terraform", "ledger", "coe"},
    {"actions"},
    {"view"},
    {"cli"},
    {"__main__"},
)
FLOOR = {module: height for height, floor in enumerate(FLOORS) for module in floor}
BESIDE = {"sandbox", "toolchain"}

WALLS: dict[str, set[str]] = {
    "typer": {"cli"},
    "rich": {"view"},
    "keystoneauth1": {"identity", "cloud"},
    "openstack": {"identity"},
    "python_terraform": {"terraform"},
    "sqlite_utils": {"ledger"},
    "kubernetes": {"coe/kubernetes"},
    "websocket": {"coe/kubernetes"},
    "docker": {"coe/docker"},
    "jinja2": {"compiler", "blueprint"},
    "cryptography": {"pki", "ledger", "sandbox"},
    "werkzeug": {"sandbox"},
}


def imports(path: Path) -> Iterator[str]:
    """Every absolute module name a file imports, `from a import b` as `a.b`; relative imports resolved."""
    here = path.relative_to(PACKAGE.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: -node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def upward(path: Path) -> Iterator[str]:
    here = part_of(path)
    for name in imports(path):
        top, _, rest = name.partition(".")
        there = rest.partition(".")[0]
        if top != "magnumctl" or there == here or there not in {*FLOOR, *BESIDE}:
            continue
        if here in BESIDE and FLOOR.get(there, 99) > 0:
            yield f"{path.relative_to(PACKAGE)}: {here} stands beside the house and may not import {there}"
        elif here in FLOOR and there in FLOOR and FLOOR[there] >= FLOOR[here]:
            yield f"{path.relative_to(PACKAGE)}: {here} may not import {there}"
        elif here in FLOOR and there in BESIDE and here not in {"actions", "cli", "terraform"}:
            yield f"{path.relative_to(PACKAGE)}: only actions, cli and terraform may use {there}"


def through_a_wall(path: Path) -> Iterator[str]:
    inside = path.relative_to(PACKAGE).as_posix()
    for name in imports(path):
        walls = WALLS.get(name.partition(".")[0])
        if walls and not any(inside.startswith(f"{wall}/") for wall in walls):
            yield f"{inside}: imports {name}"


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_imports_go_down_the_floors_only() -> None:
    """No module imports from its own floor or a higher one."""
    assert [breach for path in sources() for breach in upward(path)] == []


def test_each_sdk_lives_behind_one_wall() -> None:
    """An SDK is imported only by the package that translates it."""
    assert [breach for path in sources() for breach in through_a_wall(path)] == []


def test_every_package_has_its_floor() -> None:
    """A new folder at the top of the package is placed on a floor before it is used."""
    known = {*FLOOR, *BESIDE}
    assert {part_of(path) for path in sources()} - known == set()


def test_no_file_nor_function_lacks_a_concept() -> None:
    """A file over 400 lines or a function over 50 is missing a concept."""
    assert [breach for path in sources() for breach in too_long(path)] == []


def too_long(path: Path) -> Iterator[str]:
    text = path.read_text()
    if text.count("\n") > 400:
        yield f"{path.relative_to(PACKAGE)}: {text.count(chr(10))} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > 50:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}: {lines} lines"
