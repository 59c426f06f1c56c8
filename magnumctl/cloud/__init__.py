"""What Nova, Neutron, Cinder and Octavia say that Terraform does not: quotas, faults, consoles, everything there is."""

from __future__ import annotations

from .cloud import Cloud
from .lookup import NamedKind
from .records import Flavor, Inventory, QuotaRow, Resource, SecurityGroupRule, Server, ServerFault

__all__ = [
    "Cloud",
    "Flavor",
    "Inventory",
    "NamedKind",
    "QuotaRow",
    "Resource",
    "SecurityGroupRule",
    "Server",
    "ServerFault",
]
