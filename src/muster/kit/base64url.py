"""Base64url without padding, as addresses, tokens and push services carry octets (RFC 4648, section 5)."""

import base64


def encode(octets: bytes) -> str:
    """The text of octets."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The octets of a text.

    Raises:
        binascii.Error: it is none.
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
