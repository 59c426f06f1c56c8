"""Terraform's state of one bay (format version 4), as far as others need it."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from magnumctl import private

FORMAT = 4
# The oldest engine the modules allow: an engine refuses a state that a newer one has written.
OLDEST_ENGINE = "1.9.0"


def _known(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_known)]


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class NodeOutput(_Output):
    id: Text
    name: Text
    group: Text
    role: Text
    address: Text
    fixed_ip: Text


class NetworkOutput(_Output):
    network_id: Text = ""
    subnet_id: Text = ""
    router_id: Text = ""


class BayOutputs(_Output):
    """After an apply that failed some of it is empty."""

    api_address: Text = ""
    nodes: Mapping[str, NodeOutput] = {}
    network: NetworkOutput = NetworkOutput()
    security_group_id: Text = ""
    record: Text = Field("", repr=False)


State = Mapping[str, Any]


def seed(file: Path) -> None:
    """An empty state with its own lineage, so that Terraform itself refuses another bay's plan for it.

    Without one, every bay that has nothing yet looks alike to a saved plan.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    empty = {
        "version": FORMAT,
        "terraform_version": OLDEST_ENGINE,
        "serial": 0,
        "lineage": str(uuid.uuid4()),
        "outputs": {},
        "resources": [],
    }
    draft = file.with_name(f".{uuid.uuid4()}")
    private.create(draft, json.dumps(empty))
    try:
        os.link(draft, file)  # unlike a rename it never replaces a state that is there
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def parse(text: str) -> State | None:
    """None for what is no plain state: nothing, an encrypted one, another format."""
    try:
        state = json.loads(text)
    except ValueError:
        return None
    return state if isinstance(state, dict) and state.get("version") == FORMAT else None


def outputs(state: State) -> BayOutputs | None:
    """None when the workspace holds nothing."""
    if not resources(state):
        return None
    return BayOutputs.model_validate({name: output["value"] for name, output in state["outputs"].items()})


def resources(state: State) -> tuple[str, ...]:
    return tuple(address for resource in state["resources"] for address, _ in _instances(resource))


def ids(state: State, kind: str) -> dict[str, str]:
    of_kind = (resource for resource in state["resources"] if resource["type"] == kind)
    instances = (each for resource in of_kind for each in _instances(resource))
    return {address: str(instance["attributes"]["id"]) for address, instance in instances}


def _instances(resource: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each with its address."""
    if resource["mode"] != "managed":
        return
    module = f"{resource['module']}." if resource.get("module") else ""
    for instance in resource["instances"]:
        key = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
        yield f"{module}{resource['type']}.{resource['name']}{key}", instance
