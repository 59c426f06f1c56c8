"""The wall around Terraform: it alone knows argv, streams, state files and Terraform's words for failure.

    terraform = Terraform(engine.command, workspace / ".magnumctl/terraform", credentials, cli_config)
    terraform.prepare()
    with terraform.plan("web", variables, report) as plan:
        terraform.apply(plan, report)
    terraform.outputs("web")

Bays may be planned and applied from many threads with one `Terraform`. Signals reach Python's main thread
only, so a main thread that waits for others wraps its waiting in `terraform.cancellation.on_signals()`.
"""

from magnumctl.terraform.cancellation import Cancellation
from magnumctl.terraform.events import Report, TerraformEvent, unheard
from magnumctl.terraform.plan import Plan, ResourceChange
from magnumctl.terraform.state import BayOutputs, NetworkOutput, NodeOutput
from magnumctl.terraform.wall import Terraform

__all__ = [
    "BayOutputs",
    "Cancellation",
    "NetworkOutput",
    "NodeOutput",
    "Plan",
    "Report",
    "ResourceChange",
    "Terraform",
    "TerraformEvent",
    "unheard",
]
