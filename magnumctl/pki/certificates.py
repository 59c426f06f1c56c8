"""Certificates and keys: EC P-256 throughout, accepted by OpenSSL's strict checks and by Go's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from magnumctl.errors import MagnumctlError
from magnumctl.pki.model import Authority, KeyPair

AUTHORITY_LIFE = timedelta(days=3650)
CLOCK_SKEW = timedelta(hours=1)
"""How far a node's clock may be behind ours without a fresh certificate being "not yet valid" there."""
LONGEST_NAME = 64
"""X.520's upper bound of a common name and of an organization, in characters."""
AUTHORITY_USES = frozenset({"digital_signature", "key_cert_sign", "crl_sign"})
CLIENT_USES = frozenset({"digital_signature"})
KEY_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True)
class Signer:
    """Who signs: a subject and its key."""

    subject: x509.Name
    key: ec.EllipticCurvePrivateKey


def subject_of(common_name: str, organization: str) -> x509.Name:
    """A longer common name than X.520 allows is cut: what somebody may do hangs on the organization alone."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:LONGEST_NAME]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:LONGEST_NAME]),
        ]
    )


def new_authority(subject: x509.Name) -> Authority:
    signer = Signer(subject, ec.generate_private_key(ec.SECP256R1()))
    builder = _begun(subject, signer.key.public_key(), signer)
    builder = builder.not_valid_after(datetime.now(UTC) + AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(AUTHORITY_USES), critical=True)
    return Authority(certificate=_signed(builder, signer), key=_private_pem(signer.key))


def new_key_pair() -> KeyPair:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(public=public.decode(), key=_private_pem(key))


def signed_client(authority: Authority, subject: x509.Name, ttl: timedelta) -> tuple[str, str]:
    """A client certificate and its key, PEM; valid for `ttl` from now, but not longer than its authority."""
    issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
    signer, key = Signer(issuer.subject, _opened_key(authority)), ec.generate_private_key(ec.SECP256R1())
    builder = _begun(subject, key.public_key(), signer)
    builder = builder.not_valid_after(min(datetime.now(UTC) + ttl, issuer.not_valid_after_utc))
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage(CLIENT_USES), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    return _signed(builder, signer), _private_pem(key)


def ca_hash(authority: Authority) -> str:
    """The discovery hash of kubeadm: SHA-256 over the CA's SubjectPublicKeyInfo."""
    public = x509.load_pem_x509_certificate(authority.certificate.encode()).public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"sha256:{hashlib.sha256(spki).hexdigest()}"


def _begun(subject: x509.Name, public: ec.EllipticCurvePublicKey, signer: Signer) -> x509.CertificateBuilder:
    """What every certificate has; RFC 5280 and OpenSSL's strict mode ask for the key identifiers."""
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    builder = x509.CertificateBuilder(issuer_name=signer.subject, subject_name=subject, public_key=public)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(datetime.now(UTC) - CLOCK_SKEW)
    return builder.add_extension(identifier, critical=False).add_extension(authority, critical=False)


def _signed(builder: x509.CertificateBuilder, signer: Signer) -> str:
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def _key_usage(uses: frozenset[str]) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in uses for use in KEY_USES})


def _private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def _opened_key(authority: Authority) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(authority.key.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise MagnumctlError("the bay's authority has no EC key", detail="its secrets were not made by magnumctl")
    return key
