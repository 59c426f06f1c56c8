"""Where Terraform and its OpenStack provider come from."""

from magnumctl.toolchain.engine import Engine, find_engine
from magnumctl.toolchain.settings import provider_settings

__all__ = ["Engine", "find_engine", "provider_settings"]
