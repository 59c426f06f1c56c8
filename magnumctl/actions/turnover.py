"""Nodes that come and go in a bay that stands: let in before they boot, emptied before they are deleted.

A Kubernetes node joins with the bay's bootstrap token, which lies sealed in the ledger. It stays in the user-data of
every node that was made with it, so it is good for one apply only. The first boot of a bay makes it known to
Kubernetes; a later apply does so before Terraform runs, when a node is expected; as soon as all nodes are ready it is
revoked, and another one sealed for the nodes of some later day. So a plan and its apply compile the same text, a plan
changes nothing in the bay, and nodes that exist are not touched: their user-data is no part of what rebuilds them.
"""

from __future__ import annotations

from dataclasses import dataclass

from magnumctl.coe.contract import LeavingNode, Report, Role
from magnumctl.errors import CoeUnreachableError
from magnumctl.pki import with_new_bootstrap_token
from magnumctl.terraform import BayOutputs

from .clients import Run
from .plan import SECRETS, BayPlan, secrets_of, workspace_of
from .servers import created, lost
from .wishes import AnyEngine, open_engine

RETIRE_TIMEOUT = 600.0
"""Seconds until a node that is not empty yet stays, and the apply ends with what is in the way."""


@dataclass(frozen=True)
class Turnover:
    """`engine` is that of the bay as it stood before; None when there was none, or it does not answer."""

    engine: AnyEngine | None = None
    leaving: tuple[LeavingNode, ...] = ()
    arriving: tuple[str, ...] = ()

    def admit(self, report: Report) -> None:
        if self.engine and self.arriving:
            self.engine.admit_nodes(report)

    def retire(self, run: Run, report: Report) -> None:
        if self.engine:
            self.engine.retire_nodes(self.leaving, RETIRE_TIMEOUT, report, run.terraform.cancellation.pause)


def turnover_of(run: Run, planned: BayPlan, report: Report) -> Turnover:
    """CoeUnreachableError when nodes of a bay that was ready once shall go, and nobody can be asked to empty them."""
    outputs = run.terraform.outputs(workspace_of(planned.record))
    if outputs is None or not outputs.nodes:
        return Turnover()
    user = run.clients.identity.caller.user_name
    engine = open_engine(planned.record, planned.secrets, outputs, user, planned.wishes)
    try:
        present = frozenset(node.name for node in engine.nodes())
    except CoeUnreachableError as error:
        if planned.control_planes and lost(planned.infrastructure):
            raise
        report(f"{error.summary}: a node that is made now joins only while the token of the first boot lives")
        return Turnover()
    return _turnover(planned, outputs, engine, present)


def _turnover(planned: BayPlan, outputs: BayOutputs, engine: AnyEngine, present: frozenset[str]) -> Turnover:
    """A node that is created although the bay knows it has lost its server: what is left of it goes first.

    Of a control plane Kubernetes may know nothing any more, and etcd still count on it.
    """
    roles = _roles(planned, outputs)
    holders = frozenset(name for name in outputs.nodes if roles[name] == "control_plane")
    vanished = created(planned.infrastructure) & (present | holders)
    going = lost(planned.infrastructure) | vanished
    expected = (name for _, name in planned.bay.nodes)
    return Turnover(
        engine,
        leaving=tuple(LeavingNode(name, roles[name], name in vanished) for name in sorted(going) if name in roles),
        arriving=tuple(name for name in expected if name not in present or name in going),
    )


def _roles(planned: BayPlan, outputs: BayOutputs) -> dict[str, Role]:
    wished: dict[str, Role] = {name: group.role for group, name in planned.bay.nodes}
    there: dict[str, Role] = {
        name: "control_plane" if node.role == "control_plane" else "worker" for name, node in outputs.nodes.items()
    }
    return wished | there


def close_admission(run: Run, planned: BayPlan, engine: AnyEngine) -> None:
    """All nodes are there: the token they came with is worth nothing any more."""
    secrets = secrets_of(run.clients, planned.record)
    if engine.revoke_admission() and secrets:
        renewed = with_new_bootstrap_token(secrets)
        run.clients.ledger.seal(planned.record.uuid, SECRETS, renewed.model_dump_json())
