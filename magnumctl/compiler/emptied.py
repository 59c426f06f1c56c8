"""The variables of a bay of which nothing is wanted any more."""

from __future__ import annotations

from magnumctl.compiler.variables import ApiVariable, BayVariable, BayVariables, NetworkVariable

DOCKER_PORT = 2376


def destroy_variables(name: str, uuid: str) -> BayVariables:
    """For `plan -destroy`: what goes is what the state holds, so neither blueprint nor secrets are needed.

    The coe, the network and the endpoint are the ones that ask the cloud for nothing.
    """
    return BayVariables(
        bay=BayVariable(name=name, uuid=uuid, coe="docker"),
        network=NetworkVariable(cidr="192.0.2.0/24"),
        api=ApiVariable(endpoint="private", port=DOCKER_PORT, allowed_cidrs=()),
        rules={},
        node_groups={},
        user_data={},
    )
