"""The two cryptographic halves of web push: what only the browser can read (RFC 8291), and who sends it (RFC 8292)."""

import binascii
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import http_ece  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from muster.kit.base64url import decode, encode

LARGEST = 3993
"""Octets of plain text that every push service takes: 4096 with header, padding mark and tag."""
LIFE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Subscription:
    """The browser's half: its public key (an uncompressed P-256 point) and the secret that it shares with its page."""

    public: bytes
    secret: bytes = field(repr=False)


def read_subscription(text: str) -> Subscription | None:
    """The keys as a contact keeps them: `p256dh.auth`, both in base64url; None when they are none."""
    first, _, second = text.partition(".")
    try:
        public, secret = decode(first), decode(second)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    except (ValueError, binascii.Error):
        return None
    return Subscription(public, secret) if len(public) == 65 and len(secret) == 16 else None


def encrypt(content: bytes, to: Subscription) -> bytes:
    """The body of a push message: one aes128gcm record under a key pair used only for it.

    Raises:
        ValueError: more than LARGEST octets.
    """
    if len(content) > LARGEST:
        raise ValueError(f"A push message holds {LARGEST} octets, not {len(content)}.")
    once = ec.generate_private_key(ec.SECP256R1())
    sealed: bytes = http_ece.encrypt(
        content, private_key=once, dh=to.public, auth_secret=to.secret, version="aes128gcm"
    )
    return sealed


class Vapid:
    """The key pair by which push services know this Muster."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.public = encode(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @classmethod
    def generate(cls) -> "Vapid":
        """A fresh pair."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, pem: str) -> "Vapid":
        """The pair of `pem`.

        Raises:
            ValueError: it is no P-256 key.
        """
        key = load_pem_private_key(pem.encode(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("This is no key on the curve P-256.")
        return cls(key)

    @property
    def pem(self) -> str:
        """The private key, to be sealed."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def authorise(self, origin: str, contact: str, now: datetime) -> str:
        """The Authorization header for a push service at `origin`."""
        claims = {"aud": origin, "exp": int((now + LIFE).timestamp()), "sub": contact}
        signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"vapid t={signed}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={self.public}"


def _json(value: object) -> str:
    return encode(json.dumps(value, separators=(",", ":")).encode())
