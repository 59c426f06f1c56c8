"""The embedded cloud: Keystone, Nova, Neutron, Glance, Cinder and Octavia in one process, in memory."""

from __future__ import annotations

from magnumctl.sandbox.running import Running, start
from magnumctl.sandbox.serving import serve

__all__ = ("Running", "serve", "start")
