"""The Ed25519 key that seals are signed with, and how its public half is written for people."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from muster.kit.errors import Fault, Invalid

PREFIX = "ed25519:"


class LedgerKey:
    """The private key; its public half is 32 bytes."""

    __slots__ = ("_private", "public")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature, the same each time."""
        return self._private.sign(message)


def signed_by(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of that key's private half signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_text(public: bytes) -> str:
    """`ed25519:` and base64, as printed, exported and given to `--public-key`."""
    return PREFIX + base64.b64encode(public).decode()


def parse_key(text: str, field: str = "public_key") -> bytes:
    """Read what `key_text` wrote.

    Raises:
        Invalid: it is not such a key.
    """
    try:
        public = base64.b64decode(text.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        public = b""
    if len(public) != 32:
        fault = Fault(field, "A public key reads ed25519: and 44 characters.", "`muster ledger key` prints it.")
        raise Invalid("The public key cannot be read.", faults=[fault])
    return public
