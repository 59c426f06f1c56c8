from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store

from magnumctl.pki import Authority, BaySecrets, ca_hash, client_certificate, etcd_certificate, new_secrets

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def kubernetes() -> BaySecrets:
    return new_secrets("kubernetes", [])


@pytest.fixture(scope="module")
def docker() -> BaySecrets:
    return new_secrets("docker", ["workers-0", "workers-1"])


def authorities(kubernetes: BaySecrets, docker: BaySecrets) -> list[Authority]:
    assert kubernetes.kubernetes is not None
    assert docker.docker is not None
    k, d = kubernetes.kubernetes, docker.docker
    return [k.ca, k.etcd_ca, k.front_proxy_ca, d.client_ca, *d.nodes.values()]


def parsed(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def public(key: str) -> bytes:
    opened = load_pem_private_key(key.encode(), None)
    assert isinstance(opened, ec.EllipticCurvePrivateKey)
    return opened.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def spki(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_every_authority_may_sign_certificates_and_nothing_below_it_may(
    kubernetes: BaySecrets, docker: BaySecrets
) -> None:
    """Basic constraints and key usage are critical, and those of an authority of one level."""
    for authority in authorities(kubernetes, docker):
        certificate = parsed(authority.certificate)
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
        assert (constraints.critical, constraints.value) == (True, x509.BasicConstraints(ca=True, path_length=0))
        assert (usage.critical, usage.value.key_cert_sign, usage.value.crl_sign) == (True, True, True)


def test_every_authority_has_its_key_and_names_it(kubernetes: BaySecrets, docker: BaySecrets) -> None:
    """The key belongs to the certificate, whose key identifiers are the digest of it."""
    for authority in authorities(kubernetes, docker):
        certificate = parsed(authority.certificate)
        subject = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        issuer = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        assert public(authority.key) == spki(certificate)
        assert (subject.digest, issuer.key_identifier) == (
            x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest,
            subject.digest,
        )


def test_an_authority_lives_ten_years_and_began_an_hour_ago(kubernetes: BaySecrets) -> None:
    """A node whose clock is behind ours by up to an hour finds the authority valid."""
    assert kubernetes.kubernetes is not None
    certificate = parsed(kubernetes.kubernetes.ca.certificate)
    ago = datetime.now(UTC) - certificate.not_valid_before_utc
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert timedelta(hours=1) <= ago < timedelta(hours=1, minutes=5)
    assert timedelta(days=3650) < life < timedelta(days=3651)


def test_no_two_authorities_of_a_bay_have_the_same_subject(kubernetes: BaySecrets, docker: BaySecrets) -> None:
    """A chain is built by the issuer's name, so names tell authorities apart."""
    subjects = [parsed(one.certificate).subject for one in authorities(kubernetes, docker)]
    assert len(set(subjects)) == len(subjects)


def test_a_kubernetes_client_is_an_admin_of_the_bay_by_its_organization(kubernetes: BaySecrets) -> None:
    """Subject: the group that the bay's ClusterRoleBinding names, and who the person is."""
    subject = parsed(client_certificate(kubernetes, "ana@example.org", DAY).certificate).subject
    names = [subject.get_attributes_for_oid(oid)[0].value for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)]
    assert names == ["magnumctl:admins", "ana@example.org"]


def test_a_client_certificate_is_good_for_its_time_to_live_and_only_for_clients(kubernetes: BaySecrets) -> None:
    """It ends when asked, serves no TLS and signs nothing."""
    certificate = parsed(client_certificate(kubernetes, "ana", DAY).certificate)
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert DAY - timedelta(minutes=5) < left <= DAY
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False


def test_a_client_certificate_does_not_outlive_its_authority(kubernetes: BaySecrets) -> None:
    """A century is cut to what the authority has left."""
    assert kubernetes.kubernetes is not None
    certificate = parsed(client_certificate(kubernetes, "ana", 36500 * DAY).certificate)
    assert certificate.not_valid_after_utc == parsed(kubernetes.kubernetes.ca.certificate).not_valid_after_utc


@pytest.mark.parametrize("user", ["", "u" * 300, "Ünïcode", "a,b=c+d"])
def test_any_user_name_gets_a_certificate(kubernetes: BaySecrets, user: str) -> None:
    """Names that are empty, too long for X.520 or full of its separators do no harm."""
    subject = parsed(client_certificate(kubernetes, user, DAY).certificate).subject
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == (user[:64] or "unknown")


def test_a_client_certificate_chains_to_the_authority_that_checks_it(
    kubernetes: BaySecrets, docker: BaySecrets
) -> None:
    """Kubernetes checks by the bay's CA, dockerd by the CA of the clients."""
    assert kubernetes.kubernetes is not None
    assert docker.docker is not None
    for secrets, authority in ((kubernetes, kubernetes.kubernetes.ca), (docker, docker.docker.client_ca)):
        client = client_certificate(secrets, "ana", DAY)
        certificate = parsed(client.certificate)
        certificate.verify_directly_issued_by(parsed(authority.certificate))
        assert public(client.key) == spki(certificate)


def test_a_client_certificate_passes_a_verifier_of_the_web_pki_but_for_its_missing_name(
    kubernetes: BaySecrets,
) -> None:
    """A strict verifier builds the chain; only a subject alternative name is not asked for."""
    assert kubernetes.kubernetes is not None
    client = parsed(client_certificate(kubernetes, "ana", DAY).certificate)
    root = parsed(kubernetes.kubernetes.ca.certificate)
    leaf = ExtensionPolicy.permit_all().require_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None)
    policy = PolicyBuilder().store(Store([root])).time(datetime.now(UTC))
    policy = policy.extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=leaf)
    assert policy.build_client_verifier().verify(client, []).chain == [client, root]


def test_a_docker_client_trusts_every_node(docker: BaySecrets) -> None:
    """The bundle holds the authority of each node, in the order of their names."""
    assert docker.docker is not None
    bundle = client_certificate(docker, "ana", DAY).ca
    assert bundle == docker.docker.nodes["workers-0"].certificate + docker.docker.nodes["workers-1"].certificate


def test_the_ca_hash_is_of_the_public_key(kubernetes: BaySecrets) -> None:
    """kubeadm compares SHA-256 of the SubjectPublicKeyInfo, not of the certificate."""
    assert kubernetes.kubernetes is not None
    authority = kubernetes.kubernetes.ca
    assert ca_hash(authority) == f"sha256:{hashlib.sha256(public(authority.key)).hexdigest()}"


def test_who_speaks_to_etcd_is_known_by_etcd_s_own_authority(kubernetes: BaySecrets) -> None:
    """Signed by it, for clients, and trusting nobody else."""
    assert kubernetes.kubernetes is not None
    made = etcd_certificate(kubernetes.kubernetes, DAY)
    parsed(made.certificate).verify_directly_issued_by(parsed(kubernetes.kubernetes.etcd_ca.certificate))
    usage = parsed(made.certificate).extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert list(usage.value) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert made.ca == kubernetes.kubernetes.etcd_ca.certificate
