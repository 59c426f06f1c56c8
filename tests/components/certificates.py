"""Serving certificates for real servers, signed by a bay's own authorities as its nodes would."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from magnumctl.pki import Authority


def write_serving(folder: Path, authority: Authority, addresses: Sequence[str]) -> tuple[Path, Path]:
    """Paths of the certificate and its key."""
    certificate, key = serving(authority, addresses)
    paths = folder / "server.crt", folder / "server.key"
    for path, text in zip(paths, (certificate, key), strict=True):
        path.write_text(text)
        path.chmod(0o600)
    return paths


def serving(authority: Authority, addresses: Sequence[str]) -> tuple[str, str]:
    issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
    signer = load_pem_private_key(authority.key.encode(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=issuer.subject,
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(minutes=5),
        not_valid_after=now + timedelta(days=1),
    )
    names = x509.SubjectAlternativeName([name_of(address) for address in addresses])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    # etcd's HTTP gateway is a client of etcd's, with this very certificate.
    uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    for extension in (names, identifier, uses):
        builder = builder.add_extension(extension, critical=False)
    signed = builder.sign(signer, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return signed.public_bytes(Encoding.PEM).decode(), private.decode()


def name_of(address: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)
