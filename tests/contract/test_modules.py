"""The Terraform modules keep the house style; `terraform fmt` has the blocks begin and end at the margin."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from magnumctl import shipped
from magnumctl.compiler.variables import BayVariables
from magnumctl.toolchain.engines import find_engine

MODULES = shipped.folder("modules")
NAMES = ("bay", "load_balancer", "network", "node_group", "port", "security_group")
FILES = ["main.tf", "outputs.tf", "tests", "variables.tf", "versions.tf"]
BLOCK = re.compile(
    r'^(?P<kind>\w+)(?: "(?P<type>[^"]+)")?(?: "(?P<name>[^"]+)")? \{\n(?P<body>.*?)^\}$', re.MULTILINE | re.DOTALL
)
DESCRIPTION = re.compile(r'^  description = ".+\."$', re.MULTILINE)
MAIN_LINES, VARIABLES = 120, 12

# What the provider's schema gives an argument `tags` to, of the things we make.
TAKES_TAGS = {
    "openstack_compute_instance_v2",
    "openstack_lb_listener_v2",
    "openstack_lb_loadbalancer_v2",
    "openstack_lb_member_v2",
    "openstack_lb_pool_v2",
    "openstack_networking_floatingip_v2",
    "openstack_networking_network_v2",
    "openstack_networking_port_v2",
    "openstack_networking_router_v2",
    "openstack_networking_secgroup_v2",
    "openstack_networking_subnet_v2",
}

per_module = pytest.mark.parametrize("module", NAMES)


def text(module: str, file: str) -> str:
    return (MODULES / module / file).read_text()


def whole(module: str) -> str:
    return "".join(path.read_text() for path in sorted((MODULES / module).glob("*.tf")))


def blocks(source: str, kind: str) -> Iterator[re.Match[str]]:
    return (block for block in BLOCK.finditer(source) if block["kind"] == kind)


def test_every_module_is_listed_here() -> None:
    """A module that no test knows is not kept in style."""
    assert sorted(path.name for path in MODULES.iterdir() if path.is_dir()) == sorted(NAMES)


@per_module
def test_a_module_is_five_things(module: str) -> None:
    """main, variables, outputs, versions and tests: nothing lies anywhere else, no lock file or state left behind."""
    assert sorted(path.name for path in (MODULES / module).iterdir()) == FILES
    assert list((MODULES / module / "tests").glob("*.tftest.hcl")) != []


@per_module
def test_a_module_is_small(module: str) -> None:
    """A longer main.tf is two modules, a thirteenth variable a missing object type."""
    assert len(text(module, "main.tf").splitlines()) <= MAIN_LINES
    assert len(list(blocks(text(module, "variables.tf"), "variable"))) <= VARIABLES


@per_module
def test_every_variable_is_typed_described_and_not_null(module: str) -> None:
    """A variable may be null only where its description says what that means."""
    bad = [
        block["type"]
        for block in blocks(text(module, "variables.tf"), "variable")
        if not DESCRIPTION.search(block["body"])
        or not re.search(r"^  type +=", block["body"], re.MULTILINE)
        or (
            not re.search(r"^  nullable += false$", block["body"], re.MULTILINE)
            and not re.search(r"description = .*\bnull\b.*\n(?s:.*)^  nullable += true$", block["body"], re.MULTILINE)
        )
    ]
    assert bad == []


@per_module
def test_every_variable_is_used(module: str) -> None:
    """What a module asks for, it needs."""
    elsewhere = text(module, "main.tf") + text(module, "outputs.tf")
    declared = [block["type"] for block in blocks(text(module, "variables.tf"), "variable")]
    assert [name for name in declared if not re.search(rf"\bvar\.{name}\b", elsewhere)] == []


@per_module
def test_every_output_is_described(module: str) -> None:
    """An output says what it is in a sentence."""
    outputs = list(blocks(text(module, "outputs.tf"), "output"))
    assert outputs != []
    assert [block["type"] for block in outputs if not DESCRIPTION.search(block["body"])] == []


@per_module
def test_a_module_runs_nothing_and_configures_no_provider(module: str) -> None:
    """Credentials are the environment's; a plan reads the cloud and nothing else."""
    source = whole(module)
    kinds = {block["kind"] for block in BLOCK.finditer(source)}
    assert kinds <= {"terraform", "locals", "variable", "output", "module", "resource", "data"}
    forbidden = (
        r'\b(provisioner|local-exec|remote-exec|null_resource|backend|count\s*=)|data "(external|http|local_file)"'
    )
    assert re.findall(forbidden, source) == []


@per_module
def test_a_dependency_written_out_says_why(module: str) -> None:
    """Terraform finds dependencies by itself; one that it cannot find deserves a comment."""
    lines = whole(module).splitlines()
    unexplained = [
        line for above, line in zip(["", *lines], lines, strict=False) if "depends_on" in line and "#" not in above
    ]
    assert unexplained == []


@per_module
def test_whatever_takes_tags_carries_the_bays(module: str) -> None:
    """Nothing without the bay's tag is ever changed or deleted, so everything that can have it has it."""
    untagged = [
        f"{block['type']}.{block['name']}"
        for block in blocks(whole(module), "resource")
        if block["type"] in TAKES_TAGS and not re.search(r"^  tags += var\.tags$", block["body"], re.MULTILINE)
    ]
    assert untagged == []


def test_modules_ask_for_the_same_engine_and_provider() -> None:
    """One versions.tf, six times."""
    assert len({text(module, "versions.tf") for module in NAMES}) == 1


def test_the_compilers_keys_are_the_root_modules_variables() -> None:
    """What the compiler writes into tfvars is what the root module declares, key for key."""
    declared = [str(block["type"]) for block in blocks(text("bay", "variables.tf"), "variable")]
    assert sorted(BayVariables.model_fields) == sorted(declared)


@pytest.mark.parametrize("variable", ["bay", "network", "api", "rules", "node_groups"])
def test_the_compilers_objects_have_the_root_modules_attributes(variable: str) -> None:
    """Terraform drops an attribute that it does not know without a word."""
    source = text("bay", "variables.tf")
    block = next(block for block in blocks(source, "variable") if block["type"] == variable)
    declared = block["body"].split("  validation")[0].split("type", 1)[1]
    schema = BayVariables.model_json_schema()
    assert set(re.findall(r"(\w+) += (?!false)", declared)) == _names(schema["properties"][variable], schema)


def _names(node: dict, schema: dict) -> set[str]:
    """Names of an object's attributes, and of the objects' within it; a map's keys are the user's."""
    if "$ref" in node:
        return _names(schema["$defs"][node["$ref"].rsplit("/", 1)[1]], schema)
    inner = [*node.get("properties", {}).values(), *node.get("anyOf", [])]
    if isinstance(node.get("additionalProperties"), dict):
        inner.append(node["additionalProperties"])
    return set(node.get("properties", {})).union(*(_names(one, schema) for one in inner))


def test_the_modules_are_formatted() -> None:
    """`terraform fmt` has nothing to change."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    words = [*find_engine(os.environ).command, "fmt", "-check", "-recursive", "-list=true", str(Path(MODULES))]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environ, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
