"""Nodes of the sandbox: servers that act on their user-data as real ones would, without being real."""

from magnumctl.sandbox.nodes.fabric import EmulatedFabric

__all__ = ("EmulatedFabric",)
