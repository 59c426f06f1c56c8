"""What the compiler is told beside the blueprint, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from magnumctl.compiler.variables import BayVariables


@dataclass(frozen=True)
class BayIdentity:
    """`caller_cidr` may reach the API when the blueprint names nobody, "203.0.113.7/32".

    `control_planes` are the nodes that hold the bay's etcd already: a control plane that is made anew joins them.
    `record` is a text that travels with the bay's Terraform state.
    """

    uuid: str
    project_id: str
    caller_cidr: str
    control_planes: tuple[str, ...] = ()
    record: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class CompiledBay:
    """`digest` identifies the compiled bay, whatever its bootstrap token is at the moment.

    `user_data` is each node's plain text, before Terraform fills in addresses and compresses it. `open_rules`
    has a sentence for every rule that lets the whole internet in.
    """

    variables: BayVariables
    digest: str
    open_rules: tuple[str, ...]
    user_data: Mapping[str, str] = field(repr=False)
