"""Containers on OpenStack from a blueprint."""

__version__ = "0.1.0"
