"""Blueprints: what the user wrote, read, checked and resolved."""

from .loader import load
from .model import Blueprint
from .schema import json_schema

__all__ = ["Blueprint", "json_schema", "load"]
