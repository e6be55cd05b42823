"""The signing key: one RSA key and certificate for all environments of a server."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID

DEVELOPMENT_KEY = Path(__file__).with_name("development_key.pem")
_SUBJECT = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "auth.workos.com")])


class UnusableKey(Exception):
    """The file of `--signing-key` holds no RSA private key of 2048 bits or more."""


@dataclass(frozen=True)
class SigningKey:
    """Signs RS256 access tokens. The same key file gives the same `kid` and certificate at every start."""

    private_key: RSAPrivateKey
    pem_certificate: bytes | None = None

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.private_key, algorithm="RS256", headers={"kid": self.kid})

    @cached_property
    def kid(self) -> str:
        """`sso_oidc_key_pair_` and 26 characters, as production names its keys, drawn from the public key."""
        digest = base64.b32hexencode(hashlib.sha256(self._public_der).digest()).decode()
        return f"sso_oidc_key_pair_01{digest[:24]}"

    @cached_property
    def jwks(self) -> dict[str, Any]:
        """The JSON Web Key Set; each of the eight members is required by some SDK (authentication, section 4.2)."""
        numbers = self.private_key.public_key().public_numbers()
        der = self._certificate.public_bytes(serialization.Encoding.DER)
        key = {
            "alg": "RS256",
            "kty": "RSA",
            "use": "sig",
            "x5c": [base64.b64encode(der).decode()],
            "n": _base64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8)),
            "e": _base64url(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8)),
            "kid": self.kid,
            "x5t#S256": _base64url(hashlib.sha256(der).digest()),
        }
        return {"keys": [key]}

    @cached_property
    def _public_der(self) -> bytes:
        return self.private_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @cached_property
    def _certificate(self) -> x509.Certificate:
        if self.pem_certificate is not None:
            return x509.load_pem_x509_certificate(self.pem_certificate)
        # Nothing in it depends on the moment, so a restart serves the very same certificate.
        builder = x509.CertificateBuilder(
            issuer_name=_SUBJECT,
            subject_name=_SUBJECT,
            public_key=self.private_key.public_key(),
            serial_number=int.from_bytes(hashlib.sha256(self._public_der).digest()[:16]) >> 1,
            not_valid_before=datetime(2020, 1, 1),
            not_valid_after=datetime(2120, 1, 1),
        )
        return builder.sign(self.private_key, hashes.SHA256())


def load_signing_key(path: Path) -> SigningKey:
    """Reads a PEM file: an RSA private key, optionally with its certificate. Raises UnusableKey."""
    try:
        pem = path.read_bytes()
        # Checking the primes costs 50 ms, on every start, for a key that protects nothing.
        key = serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    except (OSError, ValueError, TypeError) as error:
        raise UnusableKey(f"{path}: {error}") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < 2048:
        raise UnusableKey(f"{path} holds no RSA private key of 2048 bits or more, which RS256 needs.")
    return SigningKey(key, pem if b"-----BEGIN CERTIFICATE-----" in pem else None)


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
