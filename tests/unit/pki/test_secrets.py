from __future__ import annotations

import re
from datetime import timedelta

import pytest

from magnumctl.errors import MagnumctlError
from magnumctl.pki import BaySecrets, client_certificate, new_secrets, with_new_bootstrap_token, with_nodes

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("coe", ["kubernetes", "docker"])
def test_secrets_survive_being_sealed_as_json(coe: str) -> None:
    """What the ledger seals is what it unseals."""
    secrets = new_secrets(coe, ["workers-0"])
    assert BaySecrets.model_validate_json(secrets.model_dump_json()) == secrets


@pytest.mark.parametrize("coe", ["kubernetes", "docker"])
def test_secrets_have_no_key_in_their_repr(coe: str) -> None:
    """A traceback or a log line that shows secrets shows no key and no token."""
    secrets = new_secrets(coe, ["workers-0"])
    token = secrets.kubernetes.bootstrap_token if secrets.kubernetes else "PRIVATE KEY"
    assert ("PRIVATE KEY" in repr(secrets), token in repr(secrets)) == (False, False)


def test_a_client_certificate_has_no_key_in_its_repr() -> None:
    """A client certificate that is printed shows no key."""
    certificate = client_certificate(new_secrets("kubernetes", []), "ana", HOUR)
    assert ("PRIVATE KEY" in certificate.key, "PRIVATE KEY" in repr(certificate)) == (True, False)


def test_every_docker_node_has_an_authority_of_its_own() -> None:
    """One node's key cannot pass for another node."""
    docker = new_secrets("docker", ["workers-0", "workers-1"]).docker
    assert docker is not None
    assert (len({node.key for node in docker.nodes.values()}), list(docker.nodes)) == (
        2,
        ["workers-0", "workers-1"],
    )


def test_new_nodes_change_no_authority_that_exists() -> None:
    """Growing a docker bay rebuilds none of its nodes."""
    before = new_secrets("docker", ["workers-0"])
    after = with_nodes(before, ["workers-0", "workers-1"])
    assert before.docker is not None
    assert after.docker is not None
    assert (after.docker.client_ca, after.docker.nodes["workers-0"], set(after.docker.nodes)) == (
        before.docker.client_ca,
        before.docker.nodes["workers-0"],
        {"workers-0", "workers-1"},
    )


def test_new_nodes_change_nothing_in_a_kubernetes_bay() -> None:
    """Kubernetes nodes have no authority of their own."""
    secrets = new_secrets("kubernetes", [])
    assert with_nodes(secrets, ["workers-7"]) == secrets


def test_a_bootstrap_token_has_the_form_that_kubeadm_takes() -> None:
    """Six characters name it, sixteen are secret."""
    secrets = new_secrets("kubernetes", []).kubernetes
    assert secrets is not None
    assert re.fullmatch(r"[a-z0-9]{6}\.[a-z0-9]{16}", secrets.bootstrap_token)


def test_a_new_bootstrap_token_changes_nothing_else() -> None:
    """A renewed token leaves every authority as it was."""
    before = new_secrets("kubernetes", [])
    after = with_new_bootstrap_token(before)
    assert before.kubernetes is not None
    assert after.kubernetes is not None
    assert after.kubernetes.bootstrap_token != before.kubernetes.bootstrap_token
    token = {"bootstrap_token": before.kubernetes.bootstrap_token}
    assert after.kubernetes.model_copy(update=token) == before.kubernetes


def test_a_bay_without_secrets_certifies_nobody() -> None:
    """Asking an empty set of secrets for a certificate is an error, not an empty certificate."""
    with pytest.raises(MagnumctlError, match="no secrets"):
        client_certificate(BaySecrets(), "ana", HOUR)
