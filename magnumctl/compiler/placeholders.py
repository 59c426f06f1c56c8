"""What stands in user-data for things that nobody knows yet when a bay is compiled."""

from __future__ import annotations

NODE_ADDRESS = "@@NODE_ADDRESS@@"
"""Terraform puts in where clients reach this node: its floating IP, or its fixed one when the bay is private."""
FIXED_ADDRESS = "@@FIXED_ADDRESS@@"
"""Terraform puts in the node's address on its own network."""
API_ADDRESS = "@@API_ADDRESS@@"
"""Terraform puts in where clients reach the bay: a floating IP, or a fixed one when the bay is private."""
INTERNAL_API_ADDRESS = "@@INTERNAL_API_ADDRESS@@"
"""Terraform puts in where nodes reach the bay: on their own network, for a floating IP does not lead back inside."""
KUBERNETES_VERSION = "@@KUBERNETES_VERSION@@"
"""The node itself puts in the version of its image's kubeadm."""
