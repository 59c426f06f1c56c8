"""A bay of the blueprint in, Terraform variables and user-data out; pure."""

from magnumctl.compiler.bay import compile_bay
from magnumctl.compiler.emptied import destroy_variables
from magnumctl.compiler.model import BayIdentity, CompiledBay
from magnumctl.compiler.variables import BayVariables

__all__ = ["BayIdentity", "BayVariables", "CompiledBay", "compile_bay", "destroy_variables"]
