"""What a real node does with openssl and kubeadm: serving certificates issued from the CA it was sent."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = dt.timedelta(days=365)
CLOCK_SKEW = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Credential:
    """PEM texts; `certificate` may hold the chain."""

    certificate: str
    key: str


@dataclass(frozen=True)
class ClientIdentity:
    """The subject of a verified client certificate: CN and every O."""

    user: str
    groups: tuple[str, ...]


def issue_serving(authority: Credential, common_name: str, addresses: Iterable[str]) -> Credential:
    issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
    signer = serialization.load_pem_private_key(authority.key.encode(), password=None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError("the CA key is neither EC nor RSA")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _unsigned(issuer, common_name, key.public_key(), addresses).sign(signer, hashes.SHA256())
    return Credential(certificate.public_bytes(serialization.Encoding.PEM).decode(), _pem(key))


def _unsigned(
    issuer: x509.Certificate, common_name: str, key: ec.EllipticCurvePublicKey, addresses: Iterable[str]
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])]))
        .issuer_name(issuer.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(min(now + LIFETIME, issuer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_name(each) for each in dict.fromkeys(addresses)]), critical=False)
        .add_extension(_issuer_key(issuer), critical=False)
    )


def _issuer_key(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """Python 3.13 and later refuse a certificate without it."""
    try:
        identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        key = issuer.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise TypeError("the CA key is neither EC nor RSA") from None
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(key)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _name(address: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def mutual_context(serving: Credential, client_ca: str) -> ssl.SSLContext:
    """Who has no certificate of `client_ca` is refused in the handshake, as dockerd does with tlsverify."""
    context = optional_client_context(serving, client_ca)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def optional_client_context(serving: Credential, client_ca: str) -> ssl.SSLContext:
    """A client may come without a certificate, as to a kube-apiserver; one of another CA is refused."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(cadata=client_ca)
    with tempfile.TemporaryDirectory(prefix="magnumctl-node-") as folder:
        path = Path(folder) / "serving.pem"
        path.touch(mode=0o600)
        path.write_text(serving.certificate + "\n" + serving.key)
        context.load_cert_chain(path)
    return context


def client_identity(der: bytes) -> ClientIdentity:
    subject = x509.load_der_x509_certificate(der).subject
    names = [str(each.value) for each in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    groups = (str(each.value) for each in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME))
    return ClientIdentity(user=names[0] if names else "", groups=tuple(groups))


def ca_hash(certificate: str) -> str:
    """The discovery hash of kubeadm: of the public key, not of the certificate."""
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(encoding, form))
    return "sha256:" + digest.finalize().hex()
