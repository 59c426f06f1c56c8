from __future__ import annotations

import json
from pathlib import Path

from magnumctl.terraform.state import BayOutputs, NetworkOutput, outputs, parse, resources, seed

RESOURCES = [
    {"mode": "data", "type": "openstack_images_image_v2", "name": "this", "instances": [{}]},
    {
        "mode": "managed",
        "module": "module.network",
        "type": "router",
        "name": "this",
        "instances": [{"index_key": 0}, {}],
    },
    {"mode": "managed", "type": "server", "name": "node", "instances": [{"index_key": "workers-0"}]},
]


def state(**outputs_of_bay: object) -> dict[str, object]:
    return {
        "version": 4,
        "resources": RESOURCES,
        "outputs": {name: {"value": value} for name, value in outputs_of_bay.items()},
    }


def test_resources_are_addresses() -> None:
    """Managed ones only, with their module and key as Terraform writes them."""
    assert resources(state()) == (
        "module.network.router.this[0]",
        "module.network.router.this",
        'server.node["workers-0"]',
    )


def test_outputs_of_half_a_bay_are_empty() -> None:
    """An apply that failed leaves some outputs out, and others null."""
    network = {"network_id": "n", "subnet_id": None}
    assert outputs(state(api_address=None, network=network, tomorrow=1)) == BayOutputs(
        network=NetworkOutput(network_id="n")
    )


def test_what_is_no_plain_state_is_left_to_terraform() -> None:
    """Nothing, an encrypted state and another format are not read."""
    assert [parse(text) for text in ("", '{"encrypted_data": "x"}', '{"version": 3}', "[4]")] == [None] * 4


def test_a_seed_has_its_own_lineage(tmp_path: Path) -> None:
    """Two bays that have nothing are told apart by it."""
    lineages = set()
    for bay in ("web", "edge"):
        seed(tmp_path / bay / "terraform.tfstate")
        lineages.add(json.loads((tmp_path / bay / "terraform.tfstate").read_text())["lineage"])
    assert len(lineages) == 2


def test_a_seed_replaces_no_state(tmp_path: Path) -> None:
    """A state that is there stays, and no draft is left beside it."""
    file = tmp_path / "terraform.tfstate"
    file.write_text("kept")
    seed(file)
    assert ([path.name for path in tmp_path.iterdir()], file.read_text()) == (["terraform.tfstate"], "kept")
